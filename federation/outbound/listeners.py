"""Every domain event with a publisher becomes outbox rows in the same transaction."""

from app.core.events import listen
from federation.outbound.table import PUBLISHERS


def register_listeners() -> None:
    """Hang the publishers on their events."""
    for event, publisher in PUBLISHERS.items():
        listen(event, publisher)
