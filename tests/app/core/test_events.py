"""Events are heard in order, once, inside the transaction."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.core import events
from app.core.db import unit_of_work
from app.core.events import Event, emit, listen
from app.core.settings import Settings
from app.core.site import find_fact, remember_fact
from app.factory import create_app


@dataclass(frozen=True)
class BellRung(Event):
    """A test's own event."""

    times: int


@dataclass(frozen=True)
class SmallBellRung(BellRung):
    """A kind of BellRung."""


heard: list[str] = []


def note_first(event: BellRung) -> None:
    heard.append(f"first {event.times}")


def note_second(event: BellRung) -> None:
    heard.append(f"second {event.times}")


def fail(_event: BellRung) -> None:
    raise ValueError("not heard")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    heard.clear()
    yield
    events._listeners.pop(BellRung, None)


def test_listeners_hear_in_the_order_in_which_they_registered() -> None:
    listen(BellRung, note_second)
    listen(BellRung, note_first)

    emit(BellRung(3))

    assert heard == ["second 3", "first 3"]


def test_who_registers_twice_hears_once() -> None:
    listen(BellRung, note_first)
    listen(BellRung, note_first)

    emit(BellRung(1))

    assert heard == ["first 1"]


def test_what_nobody_listens_to_is_no_error() -> None:
    emit(SmallBellRung(1))

    assert heard == []


def test_an_error_of_a_listener_undoes_the_transaction(ctx: AppContext) -> None:
    listen(BellRung, fail)

    def ring() -> None:
        with unit_of_work():
            remember_fact("kleur", "groen")
            emit(BellRung(1))

    with pytest.raises(ValueError, match="not heard"):
        ring()

    assert find_fact("kleur") is None


def test_a_second_application_registers_nothing_twice(app: Flask) -> None:
    before = {kind: list(found) for kind, found in events._listeners.items()}
    settings: Settings = app.config["VERBINDPLAATS"]

    create_app(settings)

    assert {kind: list(found) for kind, found in events._listeners.items()} == before
