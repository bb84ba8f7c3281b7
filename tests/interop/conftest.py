"""A stage for each peer."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.interop.stage import Stage


@pytest.fixture
def set_stage(app: Flask, ctx: AppContext) -> Callable[[str], Stage]:
    """Set the stage for a peer by its name."""
    return lambda peer: Stage(app, peer)
