"""Loading the directory: complete, once, and never over what was edited here."""

from collections import Counter
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import event, func, select

from app.accounts.models.handle import Handle, HandleKind
from app.core.db import Base, db, session, unit_of_work
from app.core.errors import InvalidInputError
from directory.models.contact import Contact
from directory.models.listing import Listing
from directory.models.listing_topic import ListingTopic, TopicRole
from directory.models.relation import Relation
from directory.models.topic import Topic
from directory.queries.listings import get_listing, list_whole_listings
from directory.services.imports import (
    STARTER,
    STARTER_FILE,
    ImportReport,
    import_directory,
    import_starter,
)


def count_rows() -> dict[str, int]:
    return {
        table.name: session().scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_the_starter_file_is_the_shared_one(seed: dict[str, Any], shared_seed: dict[str, Any]):
    assert seed == shared_seed


def test_all_85_listings_stand_behind_their_door(gids: Flask):
    with gids.app_context():
        counts = Counter(session().scalars(select(Listing.category)))

    assert counts == {
        "netwerk": 9,
        "samenwerkingsverband": 7,
        "onderzoeksgroep": 22,
        "bron(info)": 36,
        "scholing": 11,
    }


def test_every_topic_has_its_words_and_its_broader_one(gids: Flask, seed: dict[str, Any]):
    with gids.app_context():
        topics = {topic.slug: topic for topic in session().scalars(select(Topic))}
        slugs = {topic.id: topic.slug for topic in topics.values()}

    assert set(topics) == {row["slug"] for row in seed["topics"]}
    for row in seed["topics"]:
        topic = topics[row["slug"]]
        assert topic.label == row["label"]
        assert topic.alt_labels == row["alt_labels"]
        assert slugs.get(topic.broader_id) == row["broader"]


def test_every_listing_has_its_topics_with_their_role(gids: Flask, seed: dict[str, Any]):
    with gids.app_context():
        rows = session().execute(
            select(Listing.slug, Topic.slug, ListingTopic.role)
            .join(ListingTopic, ListingTopic.listing_id == Listing.id)
            .join(Topic, Topic.id == ListingTopic.topic_id)
        )
        found = {tuple(row) for row in rows}

    wanted = {
        (entry["slug"], topic["slug"], TopicRole.MAIN.value)
        for entry in seed["entries"]
        for topic in entry["topics"]
    } | {
        (entry["slug"], slug, TopicRole.CANDIDATE.value)
        for entry in seed["entries"]
        for slug in entry["topic_candidates"]
    }
    assert found == wanted


def test_every_relation_is_there(gids: Flask, seed: dict[str, Any]):
    with gids.app_context():
        slugs = dict(session().execute(select(Listing.id, Listing.slug)).all())
        found = {
            (slugs[row.subject_id], row.type, slugs[row.object_id], row.basis)
            for row in session().scalars(select(Relation))
        }

    assert found == {(r["subject"], r["type"], r["object"], r["basis"]) for r in seed["relations"]}


def test_every_listing_has_a_handle_in_the_one_name_space(gids: Flask):
    with gids.app_context():
        handles = set(session().scalars(select(Listing.handle)))
        reserved = set(
            session().scalars(select(Handle.name).where(Handle.kind == HandleKind.LISTING))
        )

    assert len(handles) == 85
    assert handles == reserved


def test_loading_twice_changes_nothing(gids: Flask):
    with gids.app_context():
        before = count_rows()
        writes: list[str] = []
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _cu, statement, *_: (
                writes.append(statement)
                if statement.startswith(("INSERT", "UPDATE", "DELETE"))
                else None
            ),
        )
        with unit_of_work():
            report = import_starter()

        assert report == ImportReport(added=0, changed=0, kept=0, unchanged=85)
        assert writes == []
        assert count_rows() == before


def changed_seed(seed: dict[str, Any], slug: str, **changes: object) -> bytes:
    entries = [{**e, **changes} if e["slug"] == slug else e for e in seed["entries"]]
    return yaml.safe_dump({**seed, "entries": entries}).encode()


def test_what_the_file_changes_is_taken_over(gids: Flask, seed: dict[str, Any]):
    content = changed_seed(seed, "surf", name="SURF nieuw", topics=[], people=["Anna Voorbeeld"])
    with gids.app_context(), unit_of_work():
        report = import_directory(content, STARTER)
        listing = get_listing("surf", None)

        assert report == ImportReport(added=0, changed=1, kept=0, unchanged=84)
        assert listing.name == "SURF nieuw"
        assert listing.topics == []
        assert [contact.name for contact in listing.contacts] == ["Anna Voorbeeld"]


def test_what_was_edited_here_stays(gids: Flask, seed: dict[str, Any]):
    with gids.app_context():
        with unit_of_work():
            listing = get_listing("surf", None)
            listing.names, listing.edited_at = {"nl": "Onze naam"}, listing.changed_at
        with unit_of_work():
            report = import_directory(changed_seed(seed, "surf", name="Hun naam"), STARTER)

        assert report.kept == 1
        assert get_listing("surf", None).name == "Onze naam"


def test_silence_in_a_file_takes_no_person_and_no_text_away(gids: Flask, seed: dict[str, Any]):
    slug = "meirsschaut-ruys-2017"
    content = changed_seed(seed, slug, people=[], description=None)
    with gids.app_context(), unit_of_work():
        import_directory(content, STARTER)
        listing = get_listing("team-teaching-wat-waarom-hoe-en-met-welke-resultaten-een", None)

        assert len(listing.contacts) == 2
        assert listing.descriptions["nl"].endswith("Gent.")


def test_all_people_come_in_unconfirmed(gids: Flask):
    with gids.app_context():
        contacts = session().scalars(select(Contact)).all()

    assert len(contacts) == 17
    assert not any(contact.is_confirmed for contact in contacts)


@pytest.mark.parametrize(
    ("change", "where", "why"),
    [
        ({"slug": "Fout!"}, "entry Fout!", "a-z"),
        ({"slug": None}, "entry 1", "slug is missing"),
        ({"slug": "a" * 121}, "entry " + "a" * 121, "single hyphens"),
        ({"name": None}, "entry x", "name is missing"),
        ({"name": 7}, "entry x", "name must be a text, not a number"),
        ({"name": ["a"]}, "entry x", "not a list"),
        ({"category": "kroeg"}, "entry x", "'kroeg' is none of netwerk"),
        ({"category": "forum"}, "entry x", "'forum' is none of"),
        ({"topics": [{"slug": "bestaat-niet"}]}, "entry x", "'bestaat-niet' is not in the file"),
        ({"topics": "toetsing"}, "entry x", "topics must be a list"),
        ({"topic_candidates": [3]}, "entry x", "must be a text"),
        ({"url": "javascript:alert(1)"}, "entry x", "is no http(s) address"),
        ({"url_candidate": "http://"}, "entry x", "url_candidate"),
        ({"description": "x" * 20_001}, "entry x", "longer than 20000"),
    ],
)
def test_a_wrong_entry_is_named_and_changes_nothing(
    app: Flask, change: dict[str, Any], where: str, why: str
):
    entry = {"slug": "x", "name": "X", "category": "netwerk"} | change
    good = {"slug": "goed", "name": "Goed", "category": "netwerk"}
    entries = [entry] if where == "entry 1" else [good, entry]
    content = yaml.safe_dump({"entries": entries}).encode()
    with app.app_context():
        with pytest.raises(InvalidInputError) as caught, unit_of_work():
            import_directory(content, "test")

        assert caught.value.field == where
        assert why in caught.value.text
        assert list_whole_listings() == []


ENTRY = "entries: [{slug: x, name: X, category: netwerk}]\n"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("entries: [", "line 1"),
        ("a: 'b", "line 1"),
        ("", "file"),
        ("[]", "file"),
        ("entries: []", "file"),
        ("entries: {}", "file"),
        ("entries: [1]", "entry 1"),
        ("\x00", "file"),
        ("!!python/object/apply:os.system [ls]", "line 1"),
        ("[" * 3000, "file"),
        ("meta: 1\n" + ENTRY, "meta"),
        (ENTRY.replace("]", ", {slug: x, name: Y, category: netwerk}]"), "entry x"),
        (ENTRY + "topics: [{slug: a, label: A, broader: b}]", "topic a"),
        (ENTRY + "topics: [{slug: a, label: A, broader: a}]", "topic a"),
        (ENTRY + "topics: [{slug: a, label: A}, {slug: a, label: A}]", "topic a"),
        (ENTRY + "relations: [{type: same_as, subject: x, object: y}]", "relation 1"),
        (ENTRY + "relations: [{type: vriend, subject: x, object: x}]", "relation 1"),
    ],
)
def test_a_wrong_file_says_where(app: Flask, content: str, where: str):
    with app.app_context(), pytest.raises(InvalidInputError) as caught, unit_of_work():
        import_directory(content.encode(), "test")

    assert caught.value.field == where


def test_bytes_that_are_no_text_are_refused(app: Flask):
    with app.app_context(), pytest.raises(InvalidInputError), unit_of_work():
        import_directory(b"entries: \xff\xfe\x00", "test")


def test_a_taken_or_reserved_handle_gets_a_number(app: Flask):
    content = yaml.safe_dump(
        {
            "entries": [
                {"slug": "a-b", "name": "A", "category": "netwerk"},
                {"slug": "admin", "name": "B", "category": "netwerk"},
                {"slug": "a" * 40, "name": "C", "category": "netwerk"},
                {"slug": "a" * 41, "name": "D", "category": "netwerk"},
            ]
        }
    )
    with app.app_context(), unit_of_work():
        import_directory(content.encode(), "test")
        handles = {row.slug: row.handle for row in list_whole_listings()}

    assert handles["a-b"] == "a_b"
    assert handles["a" * 40] == "a" * 30
    assert handles["a" * 41] == "a" * 28 + "_2"
    assert handles["admin"] == "gids_admin"
    assert all(len(handle) <= 30 for handle in handles.values())


def test_the_starter_file_stands_in_the_package():
    assert STARTER_FILE.is_file()
