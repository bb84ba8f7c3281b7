"""Doors and panels that higher floors add to the home page, such as networks and news.

The home page belongs to the forum, which may know neither directory nor news; so those register
here what they have to show. Providers are asked at every rendering, for what is open to all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Door:
    """A way into a part of the site.

    `key` is also its colour and icon: network, region, research, source or training.
    `count_text` says how much is inside ("9 netwerken"), `newest_text` what came last.
    """

    key: str
    title: str
    url: str
    count_text: str = ""
    newest_text: str = ""


@dataclass(frozen=True)
class PanelRow:
    """One line of a panel; `is_external` when `url` leads to another website."""

    title: str
    url: str
    source: str = ""
    when: datetime | None = None
    is_external: bool = False


@dataclass(frozen=True)
class Panel:
    """A short list under a heading, with a link to all of it, and what to say when it is empty."""

    key: str
    title: str
    url: str
    link_text: str
    rows: tuple[PanelRow, ...] = ()
    empty_text: str = ""


DoorProvider = Callable[[], list[Door]]
PanelProvider = Callable[[], Panel]

_doors: dict[str, DoorProvider] = {}
_panels: dict[str, PanelProvider] = {}


def add_doors(name: str, provide: DoorProvider) -> None:
    """Show the doors that `provide` returns; the same name again replaces it."""
    _doors[name] = provide


def add_panel(name: str, provide: PanelProvider) -> None:
    """Show the panel that `provide` returns; the same name again replaces it."""
    _panels[name] = provide


def list_doors() -> dict[str, Door]:
    """Return all doors by key."""
    return {door.key: door for provide in _doors.values() for door in provide()}


def list_panels() -> list[Panel]:
    """Return all panels, in the order in which they were added."""
    return [provide() for provide in _panels.values()]
