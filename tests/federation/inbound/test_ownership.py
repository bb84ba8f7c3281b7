from typing import Any

import pytest

from federation.errors import RefusedError, UnverifiedError
from federation.inbound.ownership import check_objects, check_signer
from federation.vocab.parse import parse_activity

# Who moderates a group of ours is asked before an edit of another's text is refused.
pytestmark = pytest.mark.usefixtures("ctx")

BOB = "https://victim.test/u/bob"
MAL = "https://evil.test/u/mal"


def said(verb: str, thing: Any, actor: str = MAL, uri: str = "https://evil.test/a/1") -> Any:
    return parse_activity({"id": uri, "type": verb, "actor": actor, "object": thing})


def note(uri: str, author: str | None) -> dict[str, Any]:
    return {"id": uri, "type": "Note", "attributedTo": author, "content": "x"}


OWN = note("https://evil.test/n/1", MAL)
LIKE = {"id": "https://evil.test/l/1", "type": "Like", "actor": MAL, "object": BOB}


@pytest.mark.parametrize(
    ("verb", "thing"),
    [
        ("Create", OWN),
        ("Update", OWN),
        ("Create", "https://evil.test/n/1"),
        ("Update", {"id": MAL, "type": "Person", "inbox": f"{MAL}/inbox"}),
        ("Update", {"id": "https://evil.test/c/x", "type": "Group", "inbox": f"{MAL}/inbox"}),
        ("Undo", LIKE),
        ("Undo", "https://victim.test/l/1"),
        ("Delete", "https://victim.test/n/1"),
        ("Announce", note("https://victim.test/n/1", BOB)),
        ("Accept", {**LIKE, "type": "Follow", "actor": BOB, "object": MAL}),
    ],
)
def test_what_may_be_ones_own_to_say_passes(verb: str, thing: Any) -> None:
    check_objects(said(verb, thing))


@pytest.mark.parametrize(
    ("verb", "thing", "reason"),
    [
        ("Create", note("https://victim.test/n/1", MAL), "object-elsewhere"),
        ("Create", note("https://evil.test/n/1", BOB), "author-is-not-actor"),
        ("Update", note("https://victim.test/n/1", BOB), "object-elsewhere"),
        ("Update", note("https://evil.test/n/1", "https://evil.test/u/x"), "author-is-not-actor"),
        ("Update", {"id": BOB, "type": "Person", "inbox": f"{BOB}/in"}, "actor-of-another"),
        (
            "Update",
            {"id": "https://victim.test/c/x", "type": "Group", "inbox": f"{BOB}/in"},
            "actor-of-another",
        ),
        ("Undo", {**LIKE, "actor": BOB}, "undo-of-another"),
        ("Undo", {**LIKE, "id": "https://victim.test/l/1"}, "undo-of-another"),
    ],
)
def test_what_is_anothers_is_refused(verb: str, thing: Any, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        check_objects(said(verb, thing))


def test_who_signs_is_who_acts_on_the_own_server() -> None:
    check_signer(said("Like", BOB), MAL)

    with pytest.raises(UnverifiedError, match="signer-is-not-actor"):
        check_signer(said("Like", BOB), BOB)
    with pytest.raises(RefusedError, match="activity-id-elsewhere"):
        check_signer(said("Like", BOB, uri="https://victim.test/a/1"), MAL)
