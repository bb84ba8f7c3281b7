"""What higher floors have to say to administrators on the page of other servers.

The page belongs to moderation, which may not know the protocol; so the exchange with other servers
registers here what needs a look.
"""

from collections.abc import Callable

from markupsafe import Markup

ServerNotice = Callable[[], Markup]
"""Returns safe HTML, "" when there is nothing to say."""

_notices: dict[str, ServerNotice] = {}


def add_server_notice(name: str, render: ServerNotice) -> None:
    """Show what `render` makes above the decisions; the same name again replaces it."""
    _notices[name] = render


def render_server_notices() -> list[Markup]:
    """Return what there is to say, in order of registration."""
    said = [render() for render in _notices.values()]
    return [notice for notice in said if notice]
