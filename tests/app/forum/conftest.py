"""What the forum's tests share: the events that were emitted."""

from collections.abc import Iterator

import pytest
from flask.ctx import AppContext

from app.core.events import Event, listen
from app.forum import events

_heard: list[Event] = []


def remember_event(heard: Event) -> None:
    _heard.append(heard)


@pytest.fixture
def heard(ctx: AppContext) -> Iterator[list[Event]]:
    """All events of the forum since the test began."""
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            listen(kind, remember_event)
    _heard.clear()
    yield _heard
    _heard.clear()
