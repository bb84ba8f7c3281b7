"""Sections that higher floors add to the page of a community or a thread: how far it was read.

Those pages belong to the forum, which may not know other servers; so federation registers here.
"""

from collections.abc import Callable
from enum import StrEnum

from markupsafe import Markup


class Slot(StrEnum):
    """On which page a section stands."""

    COMMUNITY = "community"
    THREAD = "thread"


# (id of the row shown, id of the account that looks or None) -> safe HTML, "" when empty
PagePanel = Callable[[int, int | None], Markup]

_panels: dict[tuple[Slot, str], PagePanel] = {}


def add_page_panel(slot: Slot, name: str, render: PagePanel) -> None:
    """Show the section `render` makes in a slot; the same name again replaces it."""
    _panels[slot, name] = render


def render_page_panels(slot: Slot, row_id: int, viewer_id: int | None) -> list[Markup]:
    """Return the sections for one page as one reader may see them, in order of registration."""
    sections = [render(row_id, viewer_id) for (at, _), render in _panels.items() if at == slot]
    return [section for section in sections if section]
