"""Facts in the past tense: emitted by services, heard by higher floors, inside the transaction.

An ordered dictionary instead of a signal library: order is the order of registration, a second
`create_app()` registers nothing twice, and types stay checkable (ADR 0001).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True)
class Event:
    """Something that happened; subclasses carry ids of rows, never rows."""


E = TypeVar("E", bound=Event)
_listeners: dict[type[Event], dict[str, Callable[[Any], None]]] = {}


def listen(event: type[E], listener: Callable[[E], None]) -> None:
    """Call `listener` with every later `event`; the same function is registered once."""
    key = f"{listener.__module__}.{listener.__qualname__}"
    _listeners.setdefault(event, {})[key] = listener


def emit(event: Event) -> None:
    """Tell all listeners, in the order they registered; their errors undo the transaction."""
    for listener in list(_listeners.get(type(event), {}).values()):
        listener(event)
