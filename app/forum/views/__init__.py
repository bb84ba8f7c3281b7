"""Pages and endpoints of forum; importing the package registers them."""

from app.forum.views.blueprint import blueprint

__all__ = ["blueprint"]
