"""How the exchange with other servers goes, for everybody to see: counts and delays, no more."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Response, current_app, render_template, request

from app.core.clock import utcnow
from app.moderation.queries import find_refused_hosts
from federation.models.delivery_queries import Lateness, list_lateness
from federation.views.answers import answer_json
from federation.views.blueprint import blueprint

KEPT_SECONDS: Final = 10.0
EXTENSION: Final = "federation_status"


@dataclass(frozen=True)
class _Look:
    """What was seen, and when; seen anew after ten seconds, however many people ask."""

    peers: list[Lateness]
    checked_at: datetime
    until: float


@blueprint.get("/status")
def show_status() -> str | Response:
    """One line per server: how late it is, how much waits for it; JSON for who prefers that."""
    look = _look()
    accepted = request.accept_mimetypes
    if accepted["application/json"] > accepted["text/html"]:
        return answer_json(_as_json(look))
    return render_template("federation/status.html", peers=look.peers, checked_at=look.checked_at)


def _look() -> _Look:
    last: _Look | None = current_app.extensions.get(EXTENSION)
    if last is not None and time.monotonic() < last.until:
        return last
    peers = list_lateness()
    refused = find_refused_hosts({peer.host for peer in peers}) if peers else set()
    shown = [peer for peer in peers if peer.host not in refused]
    look = _Look(shown, utcnow(), time.monotonic() + KEPT_SECONDS)
    current_app.extensions[EXTENSION] = look
    return look


def _as_json(look: _Look) -> dict[str, object]:
    return {
        "checked_at": look.checked_at.isoformat(),
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
