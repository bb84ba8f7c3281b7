"""Pages of moderation; importing the package registers them."""

from app.moderation.views import hooks, judging, log, reports
from app.moderation.views.blueprint import blueprint

__all__ = ["blueprint", "hooks", "judging", "log", "reports"]
