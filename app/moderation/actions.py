"""What the log's words mean, as sentences for readers."""

from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: Final[Mapping[str, LazyString]] = {
    "post_removed": _l("haalde een bericht weg"),
    "post_restored": _l("zette een bericht terug"),
    "post_pinned": _l("zette een bericht vast"),
    "post_unpinned": _l("maakte een bericht los"),
    "post_locked": _l("sloot een gesprek"),
    "post_unlocked": _l("heropende een gesprek"),
    "post_marked": _l("merkte een bericht aan als gevoelig"),
    "post_unmarked": _l("merkte een bericht niet langer aan als gevoelig"),
    "post_approved": _l("keurde een bericht goed"),
    "post_refused": _l("plaatste een bericht niet"),
    "comment_approved": _l("keurde een antwoord goed"),
    "comment_refused": _l("plaatste een antwoord niet"),
    "comment_removed": _l("haalde een antwoord weg"),
    "comment_restored": _l("zette een antwoord terug"),
    "moderator_added": _l("benoemde een moderator"),
    "moderator_removed": _l("ontsloeg een moderator"),
    "person_banned": _l("blokkeerde iemand"),
    "ban_lifted": _l("hief een blokkade op"),
    "person_warned": _l("waarschuwde iemand"),
    "report_made": _l("kreeg een melding"),  # shown as a sentence of its own
    "report_resolved": _l("handelde een melding af"),
    "host_blocked": _l("weigert een server"),
    "host_allowed": _l("laat een server toe"),
    "host_freed": _l("trok een besluit over een server in"),
}

Describe = Callable[[str], str]


def describe_action(action: str) -> str:
    """Return the sentence for an action; an action of a later version is shown as it is."""
    return str(SENTENCES.get(action, action))
