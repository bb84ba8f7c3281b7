"""`verbindplaats federation rotate-key` and `peers --release`."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.dereference.key_changes import is_quarantined
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Peer
from federation.transport.actors import local_actor, public_key_pem
from federation.transport.own_keys import list_key_methods, proof_key
from tests.app.commands.conftest import said_in_one_line
from tests.support.factories import make_account, make_community

Run = Callable[..., Result]


def _key_of(owner: object) -> str:
    session().rollback()
    session().expire_all()
    with unit_of_work():
        return public_key_pem(local_actor(owner))  # type: ignore[arg-type]


def test_a_community_a_person_and_the_server_get_other_keys(app: Flask, ctx, run: Run) -> None:
    owners: dict[str, object] = {
        "toetsing": make_community("toetsing"),
        "anna": make_account("anna"),
        "--instance": None,
    }
    before = {name: _key_of(owner) for name, owner in owners.items()}

    told = [run("federation", "rotate-key", name).stdout.strip() for name in before]

    assert told == ["http://ons.test/c/toetsing", "http://ons.test/u/anna", "http://ons.test/"]
    after = {name: _key_of(owner) for name, owner in owners.items()}
    assert all(before[name] != after[name] for name in before)
    said = session().scalars(select(OutboxActivity.type)).all()
    assert said == ["Update"] * 3


def test_all_at_once(ctx, run: Run) -> None:
    _key_of(make_account("anna"))
    _key_of(None)

    result = run("federation", "rotate-key", "--all")

    assert result.exit_code == 0, result.output
    assert result.stdout == "http://ons.test/\nhttp://ons.test/u/anna\n"


def test_the_key_for_proofs_is_another_one(ctx, run: Run) -> None:
    signs = _key_of(None)
    with unit_of_work():
        method, _ = proof_key(local_actor(None))

    result = run("federation", "rotate-key", "--instance", "--proofs")

    assert result.stdout == "http://ons.test/\n"
    assert _key_of(None) == signs
    listed = [one.uri for one in list_key_methods(local_actor(None))]
    assert len(listed) == 2
    assert listed[1] == method


def test_not_twice_in_a_day(ctx, run: Run) -> None:
    run("federation", "rotate-key", "--instance")

    again = run("federation", "rotate-key", "--instance")

    assert "less than a day ago" in said_in_one_line(again)


@pytest.mark.parametrize(
    "arguments", [(), ("anna", "--instance"), ("--all", "--instance"), ("anna", "--all")]
)
def test_whose_key_must_be_said_in_one_way(ctx, run: Run, arguments: tuple[str, ...]) -> None:
    assert run("federation", "rotate-key", *arguments).exit_code != 0


def test_nobody_has_no_key(ctx, run: Run) -> None:
    assert "niemand" in said_in_one_line(run("federation", "rotate-key", "niemand"))


def test_a_quarantined_server_is_released(ctx, run: Run) -> None:
    with unit_of_work():
        session().add(Peer(host="victim.test", known_since=utcnow(), quarantined_at=utcnow()))

    done = run("federation", "peers", "--release", "victim.test")
    again = run("federation", "peers", "--release", "victim.test")

    session().rollback()
    assert done.exit_code == 0, done.output
    assert not is_quarantined("victim.test")
    assert "not in quarantine" in said_in_one_line(again)
