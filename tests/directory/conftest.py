"""The directory as it comes with the program, and the seed it is held against."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from app.core.db import unit_of_work
from directory.services.imports import STARTER_FILE, import_starter


@pytest.fixture(scope="session")
def seed() -> dict[str, Any]:
    """The starter file as plain data, read without our own reader."""
    return yaml.safe_load(STARTER_FILE.read_bytes())


@pytest.fixture(scope="session")
def shared_seed() -> dict[str, Any]:
    """The file that the starter was copied from."""
    path = Path(__file__).resolve().parents[2] / "../shared/data/directory-seed.yaml"
    if not path.is_file():
        pytest.skip("the folder `shared` does not stand beside the checkout")
    return yaml.safe_load(path.read_bytes())


@pytest.fixture
def gids(app: Flask) -> Flask:
    """An application with the starter directory loaded."""
    with app.app_context(), unit_of_work():
        import_starter()
    return app
