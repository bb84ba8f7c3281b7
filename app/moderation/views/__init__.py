"""Pages of moderation; importing the package registers them."""

from app.moderation.views import log, reports
from app.moderation.views.blueprint import blueprint

__all__ = ["blueprint", "log", "reports"]
