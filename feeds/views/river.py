"""The river of news: what all sources brought, newest first, with the way to the source."""

from flask import render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from app.core.home_panels import Panel, PanelRow, add_panel
from app.core.pages import page_request
from feeds.models.entry import Entry
from feeds.news_filters import list_news_filters
from feeds.queries import count_copies, list_feeds, list_newest, list_river
from feeds.syndication.write import NAMES
from feeds.views.blueprint import blueprint
from feeds.views.choices import SOURCE, read_choices, without

HOME_ROWS = 6


@blueprint.get("/nieuws")
def show_river() -> str:
    """Show a page of the news, of one source or topic when that is chosen."""
    chosen = read_choices()
    page = list_river(page_request(request.args), chosen.feed_ids)
    sources = [(feed.public_id, feed.name) for feed in list_feeds()]
    filters = [
        (one.name, one.get_label(), [("", _("Alles")), *one.list_options()])
        for one in list_news_filters()
    ]
    return render_template(
        "feeds/river.html",
        page=page,
        copies=count_copies(page.items),
        chosen=chosen,
        filters=[(SOURCE, _("Nieuwsbron"), [("", _("Alle bronnen")), *sources]), *filters],
        chips=[
            (text, url_for("feeds.show_river", **without(chosen, name)))
            for name, text in chosen.texts.items()
        ],
        feeds=[
            (text, url_for("feeds.show_river_feed", extension=extension, **chosen.arguments))
            for extension, text in NAMES.items()
        ],
        has_sources=bool(sources),
        source_url=source_url,
    )


def source_url(entry: Entry) -> str:
    """Return our page about whose news an entry is."""
    return entry.feed.publisher_path or entry.feed.path


def make_news_panel() -> Panel:
    """Return the newest news for the home page."""
    return Panel(
        key="news",
        title=_("Nieuws uit de netwerken"),
        url=url_for("feeds.show_river"),
        link_text=_("Al het nieuws"),
        rows=tuple(
            PanelRow(
                title=entry.shown_title,
                url=entry.url or entry.feed.path,
                source=entry.feed.name,
                when=entry.shown_at,
                is_external=entry.url is not None,
            )
            for entry in list_newest(HOME_ROWS)
        ),
        empty_text=_("Nog geen nieuws. Het komt vanzelf zodra een bron een feed heeft."),
    )


@blueprint.record
def _on_registration(_state: BlueprintSetupState) -> None:
    add_panel("news", make_news_panel)
