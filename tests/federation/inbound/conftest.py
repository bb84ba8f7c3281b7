"""Who moderates what, for tests of the verbs of moderation."""

from collections.abc import Callable

import pytest

from tests.support.fediverse import FakeFediverse
from tests.support.moderating import Scene


@pytest.fixture
def scene(fediverse: FakeFediverse, settle: Callable[[], None]) -> Scene:
    """A group of ours and one elsewhere, and all who have or have not a say there."""
    return Scene(fediverse, settle)
