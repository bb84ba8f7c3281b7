"""All our sources as one list, to take along to a feed reader."""

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.settings import current_settings
from feeds.formats.opml import MEDIA_TYPE, write_opml
from feeds.queries import list_feeds
from feeds.syndication.build import build_opml, last_change
from feeds.views.answers import answer_bytes
from feeds.views.blueprint import blueprint


@blueprint.get("/nieuws.opml")
def show_opml() -> Response:
    """Send the list of feeds that are read here (OPML 2.0)."""
    settings = current_settings()
    with force_locale(settings.locale):
        title = _("Nieuwsbronnen van %(site)s", site=settings.site_name)
    feeds = list_feeds()
    return answer_bytes(write_opml(build_opml(title, feeds)), MEDIA_TYPE, last_change(feeds))
