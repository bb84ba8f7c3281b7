"""One of each document that we send or serve, from real rows; ids and keys made equal."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind
from app.forum.services import comments, posts, votes
from app.forum.services.drafts import AttachmentDraft
from tests.federation.outbound.peers import Peers, fetch, give_key
from tests.support.clock import FakeClock
from tests.support.factories import make_account

Json = dict[str, Any]
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_MULTIBASE = re.compile(r'("(?:publicKeyMultibase|proofValue)": ")z[1-9A-HJ-NP-Za-km-z]+"')
_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\\n", re.DOTALL)


def normalised(document: Json) -> Json:
    """Return a document with its ids numbered as they appear, and without keys and proofs."""
    text = json.dumps(document, ensure_ascii=False)
    ids = dict.fromkeys(_UUID.findall(text))
    for number, uuid in enumerate(ids, 1):
        text = text.replace(uuid, f"id-{number}")
    result: Json = json.loads(_MULTIBASE.sub(r'\1z"', _PEM.sub("PEM", text)))
    return result


def publish_link_post(toetsing: Community, anna: Account) -> Post:
    """A post with all it can have."""
    with unit_of_work():
        draft = posts.PostDraft(
            title="Hoe kalibreren jullie?",
            body_source="Wij **zoeken** een vorm, @bob@masto.test.\n\nZie https://voorbeeld.test/a.",
            kind=PostKind.LINK,
            link_url="https://voorbeeld.test/artikel",
            attachments=(
                AttachmentDraft("https://ons.test/media/1.webp", "image/webp", "Een rubric"),
                AttachmentDraft("https://ons.test/media/2.pdf", "application/pdf", "Handreiking"),
            ),
        )
        return posts.publish_post(anna, toetsing, draft)


def make_documents(
    peers: Peers, anna: Account, toetsing: Community, clock: FakeClock
) -> dict[str, Json]:
    """Return one of each kind by its name."""
    carla = make_account("carla")
    give_key(carla, 3)
    peers.fediverse.server("masto.test", "mastodon")
    bob = peers.fediverse.person("bob", "masto.test")
    peers.ask(bob, anna)
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "boost.test", "mastodon")
    post = publish_link_post(toetsing, anna)
    with unit_of_work():
        draft = comments.CommentDraft(body_source="Met een *portfolio*.")
        comment = comments.publish_comment(carla, post, None, draft)
        posts.pin_post(post, anna, True)
        votes.cast_vote(carla, post)
    clock.advance(timedelta(minutes=5))
    read: Callable[[str], Json] = lambda uri: fetch(peers.fediverse.client, uri)  # noqa: E731
    found = {
        "application": read("http://ons.test/"),
        "group": read(toetsing.uri),
        "person": read(anna.uri),
        "page": read(post.uri),
        "note": read(comment.uri),
        "outbox": read(f"{toetsing.uri}/outbox"),
        "person_outbox": read(f"{anna.uri}/outbox"),
        "followers": read(f"{toetsing.uri}/followers"),
        "moderators": read(f"{toetsing.uri}/moderators"),
        "featured": read(f"{toetsing.uri}/featured"),
        "replies": read(f"{post.uri}/replies"),
        "context": read(f"{post.uri}/context"),
    }
    _change(anna, carla, post, comment)
    sent = peers.got("lemmy.test")
    for wrapped in sent:
        inner = wrapped["object"]
        kind = inner["type"].lower() if inner["type"] != "Undo" else "undo_like"
        found.setdefault(f"announced_{kind}", wrapped)
    found["announce_id"], found["undo_announce"] = (
        one for one in peers.got("boost.test") if one["type"] in {"Announce", "Undo"}
    )
    found["tombstone"] = read(post.uri)
    return found


def _change(anna: Account, carla: Account, post: Post, comment: Comment) -> None:
    with unit_of_work():
        thread = session().get_one(Post, post.id)
        draft = posts.PostDraft(title="Anders", body_source="Anders.", kind=PostKind.QUESTION)
        posts.edit_post(thread, draft, anna)
        posts.lock_post(thread, anna, True, "uitgepraat")
        votes.retract_vote(carla, thread)
        comments.delete_comment(session().get_one(Comment, comment.id), carla)
        posts.remove_post(thread, anna, "reclame")
