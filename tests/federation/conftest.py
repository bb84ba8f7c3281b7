"""What tests of federation share: other servers, and applying what they sent."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.ctx import AppContext

from federation.dereference.tasks import fetch_due
from federation.inbound.tasks import apply_inbox
from tests.support.fediverse import FakeFediverse


@pytest.fixture
def fediverse(app: Flask, ctx: AppContext) -> FakeFediverse:
    """Other servers, that can reach us and that we can reach."""
    return FakeFediverse(app)


@pytest.fixture
def settle() -> Callable[[], None]:
    """Apply and fetch until nothing is due, as the workers do."""

    def run() -> None:
        for _ in range(40):
            applied = apply_inbox()
            fetch_due()
            if not applied:
                return

    return run
