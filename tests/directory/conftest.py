"""The directory as it comes with the program, and the seed it is held against."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from app.core.db import db, unit_of_work
from directory.services.imports import STARTER_FILE, import_starter

SHOWN_SLUGS = {"meirsschaut-ruys-2017": "team-teaching-wat-waarom-hoe-en-met-welke-resultaten-een"}


@pytest.fixture(scope="session")
def seed() -> dict[str, Any]:
    """The starter file as plain data, read without our own reader."""
    return yaml.safe_load(STARTER_FILE.read_bytes())


@pytest.fixture(scope="session")
def shown_seed(seed: dict[str, Any]) -> dict[str, Any]:
    """The starter file with the addresses that its listings get: none tells a hidden name."""
    entries = [{**e, "slug": SHOWN_SLUGS.get(e["slug"], e["slug"])} for e in seed["entries"]]
    return {**seed, "entries": entries}


@pytest.fixture(scope="session")
def shared_seed() -> dict[str, Any]:
    """The file that the starter was copied from."""
    path = Path(__file__).resolve().parents[2] / "../shared/data/directory-seed.yaml"
    if not path.is_file():
        pytest.skip("the folder `shared` does not stand beside the checkout")
    return yaml.safe_load(path.read_bytes())


@pytest.fixture(scope="session")
def loaded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that loads the directory leaves the SQLite file for the others."""
    return tmp_path_factory.mktemp("gids") / "verbindplaats.sqlite"


@pytest.fixture
def gids(app: Flask, loaded_file: Path) -> Flask:
    """An application with the starter directory loaded."""
    settings = app.config["VERBINDPLAATS"]
    file = settings.data_dir / "verbindplaats.sqlite"
    with app.app_context():
        if not settings.database_url and loaded_file.exists():
            db.engine.dispose()
            shutil.copyfile(loaded_file, file)
            return app
        with unit_of_work():
            import_starter()
        if not settings.database_url:
            db.session.remove()
            db.engine.dispose()  # the last connection brings the log into the file
            shutil.copyfile(file, loaded_file)
    return app
