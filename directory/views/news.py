"""What the directory adds to the news: choosing it by topic."""

from flask.blueprints import BlueprintSetupState
from flask_babel import get_locale
from flask_babel import gettext as _

from directory.queries.news import list_feed_ids_of_topic
from directory.queries.shown import show_text
from directory.queries.topics import list_topics
from directory.views.blueprint import blueprint
from feeds.news_filters import NewsFilter, add_news_filter


def list_topic_options() -> list[tuple[str, str]]:
    """Return the topics to choose from, in the reader's language."""
    language = str(get_locale())
    return [(topic.slug, show_text(topic.labels, language).body) for topic in list_topics()]


BY_TOPIC = NewsFilter(
    name="onderwerp",
    get_label=lambda: str(_("Onderwerp")),
    list_options=list_topic_options,
    find_feed_ids=list_feed_ids_of_topic,
)


@blueprint.record
def _on_registration(_state: BlueprintSetupState) -> None:
    add_news_filter(BY_TOPIC)
