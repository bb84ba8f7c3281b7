"""Readers meet the directory at the addresses that it shows."""

from typing import Any

import pytest


@pytest.fixture(scope="session")
def seed(shown_seed: dict[str, Any]) -> dict[str, Any]:
    return shown_seed
