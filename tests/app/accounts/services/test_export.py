"""The file with everything we hold about a person, and nothing of anybody else."""

import io
import json
import zipfile
from typing import Any

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.accounts.services.export import export_account
from app.core.db import unit_of_work
from app.core.visibility import Visibility
from app.forum.services import memberships, posts, votes
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services import hosts, reports
from tests.support.factories import make_account, make_comment, make_community, make_post

OTHERS = "Geheim-van-een-ander"


def read(archive: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: json.loads(found.read(name)) for name in found.namelist()}


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account()


def test_the_file_holds_what_somebody_wrote_found_useful_and_follows(anna: Account) -> None:
    bram = make_account("bram")
    community = make_community()
    own = make_post(community, anna, "Mijn vraag", "Mijn **tekst**")
    other = make_post(community, bram, OTHERS, OTHERS)
    answer = make_comment(other, anna, "Mijn antwoord")
    theirs = make_comment(own, bram, OTHERS)
    with unit_of_work():
        memberships.join_community(anna, community)
        memberships.join_community(bram, make_community("rekenen"))
        for target in (other, theirs):
            votes.cast_vote(anna, target)
        votes.cast_vote(bram, own)

    found = read(export_account(anna))

    (post,) = found["berichten.json"]
    assert (post["titel"], post["tekst"], post["adres"]) == (
        "Mijn vraag",
        "Mijn **tekst**",
        own.uri,
    )
    assert (post["groep"], post["stand"], post["nuttig"]) == ("toetsing@ons.test", "published", 1)
    (comment,) = found["antwoorden.json"]
    assert (comment["tekst"], comment["in"], comment["adres"]) == (
        "Mijn antwoord",
        other.uri,
        answer.uri,
    )
    assert [one["adres"] for one in found["nuttig.json"]] == [other.uri, theirs.uri]
    assert [one["groep"] for one in found["groepen.json"]] == ["toetsing@ons.test"]
    assert [one["soort"] for one in found["meldingen.json"]] == ["answer"]
    assert OTHERS not in json.dumps(found)
    assert "bram" not in json.dumps(found)


def test_the_file_holds_what_somebody_reported_and_did_as_a_moderator(anna: Account) -> None:
    bram = make_account("bram")
    community = make_community(owner=anna)
    post = make_post(community, bram, OTHERS, OTHERS)
    with unit_of_work():
        reports.make_report(anna, post, "Mijn melding")
        reports.make_report(bram, post, OTHERS)
        posts.pin_post(post, anna, is_pinned=True)
        hosts.rule_host("spam.example", HostVerdict.BLOCKED, "Mijn reden", anna)
        hosts.rule_host("ander.example", HostVerdict.BLOCKED, OTHERS, bram)

    found = read(export_account(anna))

    assert [(one["adres"], one["reden"]) for one in found["gemeld.json"]] == [
        (post.uri, "Mijn melding")
    ]
    assert [(one["wat"], one["groep"], one["server"]) for one in found["moderatie.json"]] == [
        ("post_pinned", "toetsing@ons.test", None),
        ("host_blocked", None, "spam.example"),
    ]
    assert OTHERS not in json.dumps(found)


def test_what_may_no_longer_be_read_has_no_address(anna: Account) -> None:
    bram = make_account("bram")
    community = make_community(owner=bram)
    post = make_post(community, bram, body="Dag @anna")
    with unit_of_work():
        votes.cast_vote(anna, post)
        reports.make_report(anna, post, "Mijn melding")
        post.visibility = Visibility.MEMBERS

    found = read(export_account(anna))

    assert post.public_id not in json.dumps(found)
    assert [one["adres"] for one in found["nuttig.json"]] == [None]
    assert [one["adres"] for one in found["gemeld.json"]] == [None]
    assert found["meldingen.json"] == []


def test_own_texts_are_in_it_also_when_others_cannot_read_them(anna: Account) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    removed, deleted = make_post(community, anna, "Weg"), make_post(community, anna, "Eigen keus")
    with unit_of_work():
        posts.remove_post(removed, otto, "Reclame")
        posts.delete_post(deleted, anna)
        community.is_premoderated = True
    make_post(community, anna, "Wacht nog")

    found = read(export_account(anna))

    assert [(one["titel"], one["stand"]) for one in found["berichten.json"]] == [
        ("Weg", "removed"),
        ("Wacht nog", "held"),
    ]
