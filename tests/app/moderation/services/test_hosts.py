"""Rules about servers: how they are written, and that they are logged."""

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.core.errors import InvalidInputError
from app.moderation.models.host_rule import HostVerdict
from app.moderation.models.log_entry import LogEntry
from app.moderation.queries import list_host_rules
from app.moderation.services import hosts
from tests.support.factories import make_account


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("spam.example", "spam.example"),
        ("  Spam.Example. ", "spam.example"),
        ("https://spam.example/users/x?y=1", "spam.example"),
        ("http://spam.example:8080/", "spam.example:8080"),
        ("@iemand@spam.example", "spam.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example:8443", "xn--bcher-kva.example:8443"),
        ("10.0.0.7:9000", "10.0.0.7:9000"),
    ],
)
def test_a_server_is_kept_as_rules_compare_it(ctx: AppContext, typed: str, kept: str) -> None:
    with unit_of_work():
        hosts.rule_host(typed, HostVerdict.BLOCKED, "<b>Spam</b>", None)

    (rule,) = list_host_rules()
    assert (rule.host, rule.reason) == (kept, "Spam")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "geen server",
        "a..b",
        ".",
        "-spam.example",
        "*.spam.example",
        "spam.example:0",
        "spam.example:70000",
        "spam.example:",
        "spam.example:http",
        "spam.example\x00",
        "é" * 70 + ".example",
        "a" * 300,
        "<script>",
        "ons.test",
        "http://ONS.test/",
    ],
)
def test_what_is_no_other_server_is_refused(ctx: AppContext, typed: str) -> None:
    with pytest.raises(InvalidInputError) as caught, unit_of_work():
        hosts.rule_host(typed, HostVerdict.BLOCKED, "", None)

    assert caught.value.field == "host"
    assert list_host_rules() == []


def test_deciding_again_replaces_and_every_decision_is_logged(ctx: AppContext) -> None:
    beatrix = make_account("beatrix", admin=True)
    with unit_of_work():
        hosts.rule_host("spam.example", HostVerdict.BLOCKED, "Reclame", beatrix)
        hosts.rule_host("spam.example", HostVerdict.ALLOWED, "Bijgedraaid", beatrix)
        hosts.free_host("SPAM.example", beatrix)
        hosts.free_host("spam.example", beatrix)

    entries = session().scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert list_host_rules() == []
    assert [(one.action, one.host, one.reason) for one in entries] == [
        ("host_blocked", "spam.example", "Reclame"),
        ("host_allowed", "spam.example", "Bijgedraaid"),
        ("host_freed", "spam.example", ""),
    ]
    assert {one.actor_id for one in entries} == {beatrix.id}


def test_a_decision_that_fails_leaves_no_line_in_the_log(ctx: AppContext) -> None:
    def decide_and_fail() -> None:
        with unit_of_work():
            hosts.rule_host("spam.example", HostVerdict.BLOCKED, "", None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        decide_and_fail()

    assert session().scalars(select(LogEntry)).all() == []
