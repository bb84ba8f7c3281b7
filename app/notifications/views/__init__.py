"""Pages of notifications; importing the package registers them."""

from app.notifications.views import notifications
from app.notifications.views.blueprint import blueprint

__all__ = ["blueprint", "notifications"]
