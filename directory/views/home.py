"""What the directory adds to the home page: its five doors."""

from flask import url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.home_panels import Door, add_doors
from directory.queries.listings import count_categories, list_newest
from directory.queries.shown import show_text
from directory.views.blueprint import blueprint
from directory.views.doors import count_text, door_texts


def list_home_doors() -> list[Door]:
    """Return the doors with how much is behind them and what came last, as everybody sees it."""
    counts, newest = count_categories(None), list_newest(None)
    language = str(get_locale())
    return [
        Door(
            key=door.key,
            title=door.title,
            url=url_for(door.endpoint),
            count_text=count_text(category, counts[category]),
            newest_text=_(
                "Nieuw: “%(title)s”", title=show_text(newest[category].names, language).body
            )
            if category in newest
            else "",
        )
        for category, door in door_texts().items()
    ]


@blueprint.record
def _on_registration(_state: BlueprintSetupState) -> None:
    add_doors("directory", list_home_doors)
