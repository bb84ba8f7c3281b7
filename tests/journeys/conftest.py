"""Two instances that know each other: `ons` with a community, `buur` with a reader."""

import pytest

from tests.conftest import MakeApp
from tests.support.world import World


@pytest.fixture
def world(make_app: MakeApp) -> World:
    """`ons.test` and `buur.test`, each with a database of its own."""
    return World(make_app("http://ons.test"), make_app("http://buur.test"))
