"""Migrations go up, down and up again, leave nothing behind, and make what the models describe."""

import importlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    inspect,
    select,
    text,
)

from app.core.db import db
from app.core.migrating import downgrade_database, migration_config, upgrade_database
from app.factory import create_app
from tests.architecture import source
from tests.support import database

ENGINES = ["sqlite", "postgresql"]
RIVALS = {"community_id", "comment_id"}  # the row has an account, or a post, instead
VALUES: dict[type[object], object] = {
    JSON: [],
    DateTime: datetime(2026, 1, 1),  # noqa: DTZ001  reflected columns take what the driver takes
    Boolean: False,
    LargeBinary: b"x",
    Integer: 1,
    Float: 1,
}


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application on a database without a table."""
    url = ""
    if request.param == "postgresql":
        if not database.POSTGRES_URL:
            pytest.skip("VERBINDPLAATS_TEST_DATABASE_URL names no PostgreSQL")
        url = f"{database.worker_url(database.POSTGRES_URL, worker_name)}_migrations"
        database.create_postgres(url)
    default = f"sqlite:///{tmp_path / 'verbindplaats.sqlite'}"
    app = create_app(database.make_settings(tmp_path, database_url=url or default))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def _shape() -> dict[str, object]:
    """What each table is made of, in an order that does not matter."""
    inspector = inspect(db.engine)
    return {
        table: (
            sorted(
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
            ),
            sorted(
                (i["name"] or "", tuple(i["column_names"])) for i in inspector.get_indexes(table)
            ),
            sorted(str(u["name"]) for u in inspector.get_unique_constraints(table)),
            sorted(str(f["name"]) for f in inspector.get_foreign_keys(table)),
        )
        for table in _tables()
    }


def test_models_and_migrations_describe_the_same_tables(empty: Flask) -> None:
    _know_all_tables()
    upgrade_database()

    command.check(migration_config())


def test_up_down_and_up_again_gives_the_same(empty: Flask) -> None:
    upgrade_database()
    first = _shape()

    downgrade_database("base")
    left = _tables() - {"alembic_version"}
    upgrade_database()

    assert left == set()
    assert _shape() == first


def test_each_step_down_undoes_one_step_up(empty: Flask) -> None:
    scripts = ScriptDirectory.from_config(migration_config())
    steps = [script.revision for script in scripts.walk_revisions()]
    shapes: dict[str, object] = {}
    for revision in reversed(steps):
        command.upgrade(migration_config(), revision)
        shapes[revision] = _shape()

    for revision in steps[1:]:
        downgrade_database(revision)
        assert _shape() == shapes[revision], revision


def test_upgrade_of_the_newest_shape_changes_nothing(empty: Flask) -> None:
    upgrade_database()
    before = _shape()

    upgrade_database()

    assert _shape() == before


def test_rows_survive_every_step(empty: Flask) -> None:
    steps = [s.revision for s in ScriptDirectory.from_config(migration_config()).walk_revisions()]
    for revision in reversed(steps):
        before = _count_rows()
        command.upgrade(migration_config(), revision)
        after = _count_rows()
        assert {name: after[name] for name in before} == before, revision
        _fill_empty_tables()


def _ours() -> list[Table]:
    metadata = MetaData()
    metadata.reflect(db.engine)
    return [
        table
        for table in metadata.sorted_tables
        if not table.name.startswith(("search_index", "alembic"))
    ]


def _count_rows() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in _ours()
        }


def _fill_empty_tables() -> None:
    """Put one row into every empty table; whatever refers to another refers to its row 1."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for table in _ours():
            if connection.scalar(select(func.count()).select_from(table)) == 0:
                connection.execute(table.insert(), {c.name: _any_value(c) for c in table.columns})
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def _any_value(column: Column[object]) -> object:
    """Return something a column takes; of two columns that exclude each other the later is null."""
    if column.table.name in {"actor", "vote"} and column.name in RIVALS:
        return None
    if column.nullable and not column.foreign_keys:
        return None
    for kind, value in VALUES.items():
        if isinstance(column.type, kind):
            return value
    return "a"


def _know_all_tables() -> None:
    """Load every module that maps a table, also those that only the worker needs."""
    for path in source.modules():
        if "__tablename__" in source.text(path):
            importlib.import_module(".".join(path.with_suffix("").parts))
