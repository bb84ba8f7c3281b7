"""How the exchange with other servers goes, for everybody to see: counts and delays, no more."""

import base64
import binascii
import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from app.core.clock import utcnow
from app.core.errors import InvalidInputError
from app.core.pages import EPOCH, MICROSECOND
from federation.models.delivery_queries import Lateness, Place, count_lateness, list_lateness
from federation.views.answers import answer_json
from federation.views.blueprint import blueprint

KEPT_SECONDS: Final = 10.0
EXTENSION: Final = "federation_status"
SHOWN: Final = 50
MAX_KEPT: Final = 100
MAX_CURSOR: Final = 500
_CURSOR: Final = re.compile(r"([0-2])\.([0-9]{1,17})\.([^\x00-\x20\x7f]{1,255})")


@dataclass(frozen=True)
class _Look:
    """What was seen, and when; seen anew after ten seconds, however many people ask."""

    peers: list[Lateness]
    total: int
    following: str | None
    checked_at: datetime
    until: float


@blueprint.get("/status")
def show_status() -> str | Response:
    """One line per server: how late it is, how much waits for it; JSON for who prefers that."""
    cursor = request.args.get("na", "")
    look = _look(cursor)
    following = look.following and url_for("federation.show_status", na=look.following)
    accepted = request.accept_mimetypes
    if accepted["application/json"] > accepted["text/html"]:
        return answer_json(_as_json(look, following))
    return render_template(
        "federation/status.html",
        peers=look.peers,
        total=look.total,
        checked_at=look.checked_at,
        following=following or "",
        is_first=not cursor,
    )


def _look(cursor: str) -> _Look:
    """Return one page of what was seen lately; raises InvalidInputError for another's cursor."""
    kept: dict[str, _Look] = current_app.extensions.setdefault(EXTENSION, {})
    last = kept.get(cursor)
    if last is not None and time.monotonic() < last.until:
        return last
    after = _read_cursor(cursor) if cursor else None
    rows = list_lateness(SHOWN + 1, after)
    following = _write_cursor(rows[SHOWN - 1][0]) if len(rows) > SHOWN else None
    peers = [peer for _place, peer in rows[:SHOWN]]
    look = _Look(peers, count_lateness(), following, utcnow(), time.monotonic() + KEPT_SECONDS)
    if len(kept) >= MAX_KEPT:
        kept.clear()
    kept[cursor] = look
    return look


def _write_cursor(place: Place) -> str:
    micros = (place.since - EPOCH) // MICROSECOND
    raw = f"{place.rank}.{micros}.{place.host}".encode()
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _read_cursor(text: str) -> Place:
    try:
        if len(text) > MAX_CURSOR:
            raise ValueError
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        found = _CURSOR.fullmatch(raw)
        if found is None:
            raise ValueError
        return Place(int(found[1]), EPOCH + timedelta(microseconds=int(found[2])), found[3])
    except (ValueError, binascii.Error, OverflowError) as error:
        raise InvalidInputError("na", _("Dit pagina-adres klopt niet.")) from error


def _as_json(look: _Look, following: str | None) -> dict[str, object]:
    return {
        "checked_at": look.checked_at.isoformat(),
        "total": look.total,
        "next": following,
        "servers": [
            {
                "host": peer.host,
                "software": peer.software,
                "state": peer.state,
                "waiting": peer.waiting,
                "late_seconds": peer.seconds,
            }
            for peer in look.peers
        ],
    }
