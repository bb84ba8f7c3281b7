"""Who looks: what search needs to know of a reader, told by the floors that know people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app

KEY: Final = "search_reader"


@dataclass(frozen=True)
class Reader:
    """A reader: whether it is one of our own people, and of which communities a member."""

    is_local: bool = False
    community_ids: frozenset[int] = frozenset()


ANONYMOUS: Final = Reader()


def install_reader(app: Flask, find_reader: Callable[[], Reader]) -> None:
    """Let `find_reader` say who makes the current request; without it everybody is anonymous."""
    app.extensions[KEY] = find_reader


def current_reader() -> Reader:
    """Return the reader of the current request."""
    find_reader: Callable[[], Reader] | None = current_app.extensions.get(KEY)
    return ANONYMOUS if find_reader is None else find_reader()
