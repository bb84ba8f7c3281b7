"""Pages and endpoints of search; importing the package registers them."""

from app.search.views import search
from app.search.views.blueprint import blueprint

__all__ = ["blueprint", "search"]
