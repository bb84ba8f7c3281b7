"""Our feeds: the river and the communities, as Atom, RSS and JSON Feed."""

from flask import Response, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.errors import NotFoundError
from app.core.pages import PageRequest
from app.core.settings import current_settings
from app.forum.queries.communities import get_visible_community
from app.forum.queries.posts import PostFilter, list_posts
from feeds.queries import list_newest
from feeds.syndication.build import FEED_SIZE, About, build_news, build_posts
from feeds.views.answers import answer_feed
from feeds.views.blueprint import blueprint
from feeds.views.choices import read_choices


@blueprint.get("/nieuws.<any(atom, rss, json):extension>")
def show_river_feed(extension: str) -> Response:
    """Send the newest news, of one source or topic when that is chosen."""
    chosen = read_choices()
    settings = current_settings()
    with force_locale(settings.locale):
        title = _("Nieuws van %(site)s", site=settings.site_name)
    about = About(
        title=": ".join([title, *chosen.texts.values()]),
        page_path=url_for("feeds.show_river", **chosen.arguments),
        self_path=url_for("feeds.show_river_feed", extension=extension, **chosen.arguments),
        language=settings.locale,
    )
    return answer_feed(build_news(about, list_newest(FEED_SIZE, chosen.feed_ids)), extension)


@blueprint.get("/c/<name>/feed.<any(atom, rss, json):extension>")
def show_community_feed(name: str, extension: str) -> Response:
    """Send the newest threads of a community of ours, those that everybody may read."""
    community = get_visible_community(name, None)
    if not community.is_local:
        raise NotFoundError(_("Deze groep heeft hier geen feed."))
    wanted = PostFilter(community=community, with_texts=True)
    posts = list_posts(None, wanted, PageRequest(size=FEED_SIZE)).items
    about = About(
        title=community.title,
        page_path=f"/c/{community.name}",
        self_path=url_for("feeds.show_community_feed", name=community.name, extension=extension),
        language=community.language,
    )
    return answer_feed(build_posts(about, posts), extension)
