"""Sections that higher floors add to somebody's page, such as what a person wrote.

The page belongs to accounts, which may not know the forum; so the forum registers its section here.
"""

from collections.abc import Callable

from markupsafe import Markup

# (id of the account shown, id of the account that looks or None) -> safe HTML, "" when empty
ProfilePanel = Callable[[int, int | None], Markup]

_panels: dict[str, ProfilePanel] = {}


def add_profile_panel(name: str, render: ProfilePanel) -> None:
    """Show the section `render` makes on every profile; the same name again replaces it."""
    _panels[name] = render


def render_profile_panels(account_id: int, viewer_id: int | None) -> list[Markup]:
    """Return the sections for one person as one reader may see them, in order of registration."""
    sections = [render(account_id, viewer_id) for render in _panels.values()]
    return [section for section in sections if section]
