"""Answers asked for ahead: one question for a batch instead of one for each of its things.

Whoever handles many things in one unit of work knows beforehand what will be asked of the database:
who these people are, whether these texts are here. Noted answers serve the queries that come later,
until the unit of work ends or something that was written may have made them untrue (ADR 0017).

Answers are noted before the first of the things is handled, never within its savepoint: what is
rolled back then only makes an answer be forgotten that was true.
"""

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, bindparam, event
from sqlalchemy.orm import InstrumentedAttribute, ORMExecuteState, Session

from app.core.db import FORESEEN, Base, session

K = TypeVar("K")
V = TypeVar("V")
M = TypeVar("M", bound=Base)


class Unforeseen(Enum):
    """Nobody asked ahead: the database must say."""

    UNFORESEEN = auto()


UNFORESEEN = Unforeseen.UNFORESEEN
_BY_MODEL: dict[type[Any], list["RowByKey[Any]"]] = {}
_ABOUT_MODEL: dict[type[Any], list["Foresight[Any, Any]"]] = {}


class Foresight(Generic[K, V]):
    """Answers to one question, by what was asked about; `name` is unique in this program.

    Writing a row of one of `models` through the session makes all answers be forgotten.
    """

    def __init__(self, name: str, *models: type[Base]) -> None:
        self._name = name
        for model in models:
            _ABOUT_MODEL.setdefault(model, []).append(self)

    def note(self, answers: Mapping[K, V]) -> None:
        """Keep answers for the rest of this unit of work; outside of one nothing is kept."""
        if session().info.get("in_unit_of_work"):
            self._kept(session()).update(answers)

    def find(self, key: K) -> V | Unforeseen:
        """Return the answer, or UNFORESEEN."""
        kept = session().info.get(FORESEEN)
        if not kept:
            return UNFORESEEN
        found: V | Unforeseen = kept.get(self._name, {}).get(key, UNFORESEEN)
        return found

    def forget(self, key: K) -> None:
        """Drop an answer that is not true any more, or may not be."""
        self.forget_in(session(), key)

    def forget_in(self, current: Session, key: K) -> None:
        """Drop an answer in a session that is not that of the current context."""
        self._kept(current).pop(key, None)

    def forget_all_in(self, current: Session) -> None:
        """Drop every answer to this question."""
        self._kept(current).clear()

    def _kept(self, current: Session) -> dict[K, V]:
        kept: dict[K, V] = current.info.setdefault(FORESEEN, {}).setdefault(self._name, {})
        return kept


def forget_everything() -> None:
    """Drop all answers to all questions."""
    session().info.pop(FORESEEN, None)


class RowByKey(Generic[M]):
    """One row of a model by a unique column, from memory when it was asked for ahead.

    `statement` selects the model, with what is to be loaded along; it is made once.
    """

    def __init__(self, statement: Select[M], column: InstrumentedAttribute[Any]) -> None:
        self._one = statement.where(column == bindparam("wanted"))
        self._many = statement.where(column.in_(bindparam("wanted", expanding=True)))
        self._column = column.key
        self._foreseen: Foresight[str, M | None] = Foresight(
            f"{column.parent.class_.__name__}.{column.key}"
        )
        _BY_MODEL.setdefault(column.parent.class_, []).append(self)

    def find(self, key: str) -> M | None:
        """Return the row with this key, or None."""
        known = self._foreseen.find(key)
        return session().scalar(self._one, {"wanted": key}) if known is UNFORESEEN else known

    def foresee(self, keys: Iterable[str]) -> list[M]:
        """Ask for all these at once, and return what there is."""
        wanted = sorted({key for key in keys if self._foreseen.find(key) is UNFORESEEN})
        if not wanted:
            return []
        rows = session().scalars(self._many, {"wanted": wanted}).all()
        there: dict[str, M | None] = {getattr(row, self._column): row for row in rows}
        self._foreseen.note({key: there.get(key) for key in wanted})
        return list(rows)

    def forget_row(self, current: Session, row: Base) -> None:
        """Ask the database again about a row that is being added or has been deleted."""
        key = getattr(row, self._column)
        if key is not None:
            self._foreseen.forget_in(current, key)


@event.listens_for(Session, "transient_to_pending")
@event.listens_for(Session, "persistent_to_deleted")
def _forget_row(current: Session, row: Base) -> None:
    for by_key in _BY_MODEL.get(type(row), ()):
        by_key.forget_row(current, row)


@event.listens_for(Session, "after_flush")
def _forget_what_was_flushed(current: Session, _context: object) -> None:
    if current.info.get(FORESEEN):
        rows = (*current.new, *current.dirty, *current.deleted)
        _forget_about(current, {type(row) for row in rows})


@event.listens_for(Session, "do_orm_execute")
def _forget_what_is_written(state: ORMExecuteState) -> None:
    if state.is_select or not state.session.info.get(FORESEEN):
        return
    if state.bind_mapper is not None:
        _forget_about(state.session, {state.bind_mapper.class_})


def _forget_about(current: Session, models: Iterable[type[Any]]) -> None:
    for model in models:
        for foresight in _ABOUT_MODEL.get(model, ()):
            foresight.forget_all_in(current)
