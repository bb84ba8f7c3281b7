"""Every event is told to other servers, or it is written down why not."""

import importlib

from app.core.events import Event
from federation.outbound.table import NOT_FEDERATED, PUBLISHERS
from tests.architecture.source import modules

EVENT_MODULES = [
    ".".join(path.with_suffix("").parts) for path in modules() if path.name.endswith("events.py")
]


def _events() -> set[type[Event]]:
    found: set[type[Event]] = set()
    for name in EVENT_MODULES:
        module = importlib.import_module(name)
        found |= {
            thing
            for thing in vars(module).values()
            if isinstance(thing, type) and issubclass(thing, Event) and thing is not Event
        }
    return found


def test_every_event_is_published_or_kept_here_for_a_reason() -> None:
    assert _events() == set(PUBLISHERS) | set(NOT_FEDERATED)


def test_no_event_is_in_both_lists() -> None:
    assert not set(PUBLISHERS) & set(NOT_FEDERATED)


def test_reasons_are_given() -> None:
    assert all(reason.strip() for reason in NOT_FEDERATED.values())


def test_there_are_events() -> None:
    assert len(_events()) > 20
