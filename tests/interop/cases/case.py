"""One behaviour, played: what happens, and what people notice of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.interop.stage import Stage

Act: TypeAlias = Callable[[Stage], Any]
Check: TypeAlias = Callable[[Stage, Any], None]


def no_effect(_stage: Stage, _done: Any) -> None:
    """Nothing is noticed besides what every test of a harmless cell checks."""


@dataclass(frozen=True)
class Case:
    """How a row is played.

    `check` holds what a peer that supports it shows. `unless` holds, for peers that do not, what
    must not have happened besides the general harm. `other` has the checks of single peers.
    """

    act: Act
    check: Check
    unless: Check = no_effect
    other: Mapping[str, Check] = field(default_factory=dict)
