"""What others parse: golden files, and the strictest readers that we know of."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.accounts.models.account import Account
from app.forum.models.community import Community
from tests.federation.outbound.documents import make_documents, normalised
from tests.federation.outbound.peers import Peers
from tests.readers import lemmy
from tests.readers.lemmy_parts import PUBLIC
from tests.support.clock import FakeClock

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "outbound"
REWRITE = os.environ.get("GOLDEN") == "write"  # noqa: TID251 - a switch of the tests, not a setting
MAX_BYTES = 64 * 1024
Documents = dict[str, dict[str, Any]]


@pytest.fixture
def documents(clock: FakeClock, peers: Peers, anna: Account, toetsing: Community) -> Documents:
    return make_documents(peers, anna, toetsing, clock)


def test_every_document_is_as_it_was(documents: Documents) -> None:
    different = []
    for name, document in documents.items():
        path = GOLDEN / f"{name}.json"
        text = json.dumps(normalised(document), indent=1, ensure_ascii=False) + "\n"
        if REWRITE:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            different.append(name)

    assert different == []
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(documents)


def test_lemmy_can_read_every_document(documents: Documents) -> None:
    for name, document in documents.items():
        if name.startswith("announced_"):
            lemmy.read_announced(document)
        elif document["type"] in lemmy.DOCUMENTS:
            lemmy.read_document(document)
        elif name in lemmy.LISTS:
            lemmy.LISTS[name].model_validate(document)
    assert lemmy.read_outbox(documents["outbox"])


def list_times(document: Any) -> list[str]:
    """Return every date in a document, however deep."""
    if isinstance(document, list):
        return [time for one in document for time in list_times(one)]
    if not isinstance(document, dict):
        return []
    own = [document[name] for name in ("published", "updated", "deleted") if name in document]
    return own + [time for one in document.values() for time in list_times(one)]


def test_every_time_is_utc_and_no_change_is_older_than_the_thing(documents: Documents) -> None:
    for document in documents.values():
        for time in list_times(document):
            assert time.endswith("Z")
            assert datetime.fromisoformat(time).utcoffset() == timedelta()
        if "updated" in document:
            assert document["updated"] >= document["published"]


def test_no_document_is_too_long_for_the_smallest_inbox(documents: Documents) -> None:
    for document in documents.values():
        assert len(json.dumps(document).encode()) < MAX_BYTES


def test_the_context_stands_first_and_starts_with_activitystreams(documents: Documents) -> None:
    for document in documents.values():
        assert next(iter(document)) == "@context"
        assert document["@context"][0] == "https://www.w3.org/ns/activitystreams"


def test_whatever_is_public_says_so_in_to_except_votes(documents: Documents) -> None:
    for name, document in documents.items():
        if not name.startswith("announce"):
            continue
        inner = document["object"]
        assert PUBLIC in document["to"]
        if isinstance(inner, dict):
            assert (PUBLIC in inner["to"]) is ("like" not in name)


def test_a_page_mentions_its_group_and_who_is_named(documents: Documents) -> None:
    hrefs = [tag["href"] for tag in documents["page"]["tag"]]

    assert hrefs == ["http://ons.test/c/toetsing", "http://masto.test/u/bob"]
    assert "inReplyTo" not in documents["page"]
    assert documents["page"]["attachment"][0]["type"] == "Link"
    assert "summary" not in documents["note"]
    assert "name" not in documents["note"]
