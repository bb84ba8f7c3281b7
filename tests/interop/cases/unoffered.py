"""What the product does not have: nothing of it is sent, and what comes in does no harm."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from app.core.db import session
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.models.post import Post
from tests.interop.cases.case import Case
from tests.interop.stage import Json, Stage
from tests.support.fediverse import PUBLIC, RemoteActor

NOT_OFFERED: Final[Mapping[int, str]] = {
    11: "communities here follow nobody; readers follow several",
    16: "all texts are Pages; Articles of others are read as threads",
    25: "there are no polls; those of others are read as threads with their choices",
    26: "there are no polls to vote in",
    27: "meetings are listed from calendars; those of others are read as threads",
    28: "nobody signs up for meetings here",
    43: "one kind of vote is enough: useful",
    48: "texts are edited by their authors; moderators remove and restore",
    63: "there are no private messages; they would be unread",
    65: "threads stay in their community",
    72: "linked data signatures are not verified; what is forwarded is fetched from its origin",
    80: "what is for members only never leaves this server",
    81: "there are no emoji of our own; those of others stay as text",
    82: "lists of communities are part of the directory",
    83: "no relay is used: who wants our texts follows",
}
KEPT: Final = (Post, Comment, Community, Membership)


def _sizes() -> list[int]:
    session().expire_all()
    return [session().scalar(select(func.count()).select_from(model)) or 0 for model in KEPT]


def _unchanged(stage: Stage, activity: Json, signer: RemoteActor | None = None) -> None:
    """Deliver something that must change nothing."""
    before = _sizes()
    stage.says(activity, signer)
    assert _sizes() == before


def _thread(stage: Stage, **extra: Any) -> Post:
    """Let bob start a thread with something special about it; it is read as a thread."""
    post = stage.found(stage.asked(**extra)["id"])
    assert isinstance(post, Post)
    assert post.is_published
    return post


def group_follows_group(stage: Stage) -> None:
    """A community there wants to follow ours."""
    group = stage.group()
    answer = stage.fediverse.deliver(stage.peer.follow(group, stage.toetsing.uri), group)
    assert answer.status_code in {202, 403}
    stage.settle()


def article(stage: Stage) -> None:
    """An Article for our community is a thread."""
    _thread(stage, type="Article", name="Een lang stuk")


def poll(stage: Stage) -> None:
    """A Question for our community is a thread."""
    choices = [{"type": "Note", "name": name, "replies": {"totalItems": 0}} for name in "AB"]
    _thread(stage, type="Question", oneOf=choices, endTime="2027-01-01T00:00:00Z")


def poll_vote(stage: Stage) -> None:
    """A vote in a poll is no comment."""
    post = stage.publish()
    vote = {
        "id": stage.peer.thing_id("vote"),
        "type": "Note",
        "attributedTo": stage.bob.uri,
        "name": "A",
        "inReplyTo": post.uri,
        "to": [stage.anna.uri],
    }
    _unchanged(stage, stage.peer.act("Create", stage.bob, vote, to=[stage.anna.uri]))


def meeting(stage: Stage) -> None:
    """An Event for our community is a thread."""
    times = {"startTime": "2027-01-01T10:00:00Z", "endTime": "2027-01-01T12:00:00Z"}
    _thread(stage, type="Event", name="Studiedag", **times)


def attendance(stage: Stage) -> None:
    """Somebody wants to take part, and does not."""
    post = stage.publish()
    for verb in ("Join", "Leave", "Accept", "TentativeAccept"):
        _unchanged(stage, stage.peer.act(verb, stage.bob, post.uri, to=[stage.anna.uri]))


def reaction(stage: Stage) -> None:
    """A reaction is no text, and no vote either, in whichever of its two forms it comes."""
    post = stage.publish()
    _unchanged(stage, stage.peer.act("EmojiReact", stage.bob, post.uri, content="🎉"))
    like = stage.peer.vote("Like", stage.bob, post.uri, stage.toetsing.uri)
    _unchanged(stage, {**like, "content": "🎉"})
    assert stage.found(post.uri).vote_count == 0


def moderators_edit(stage: Stage) -> None:
    """Somebody who is not the author edits."""
    post = stage.publish()
    thing = {**stage.fetch(post.uri), "sensitive": True, "name": "Anders"}
    thing.pop("@context")
    answer = stage.fediverse.deliver(stage.peer.update(stage.bob, thing), stage.bob)
    stage.settle()
    assert answer.status_code in {202, 403}
    assert post.title == "Hoe kalibreren jullie?"


def private_message(stage: Stage) -> None:
    """A message for anna alone is not shown to anybody."""
    note = {
        "id": stage.peer.thing_id("private_message"),
        "type": "Note",
        "attributedTo": stage.bob.uri,
        "content": "<p>Alleen voor jou.</p>",
        "to": [stage.anna.uri],
        "tag": [stage.peer.mention(stage.anna.uri)],
    }
    _unchanged(stage, stage.peer.act("Create", stage.bob, note, to=[stage.anna.uri]))


def move_thread(stage: Stage) -> None:
    """Somebody moves a thread to another place, in the ways of PieFed and NodeBB."""
    post = stage.publish()
    group = stage.group()
    ways = {"Move": {"origin": stage.toetsing.uri, "target": group.uri}}
    ways["Remove"] = {"target": f"{post.uri}/context"}
    ways["Add"] = {"target": f"{post.uri}/context"}
    for verb, extra in ways.items():
        _unchanged(stage, stage.peer.act(verb, stage.bob, post.uri, to=[PUBLIC], **extra))
    assert stage.found(post.uri).community.name == "toetsing"  # type: ignore[union-attr]


def linked_signature(stage: Stage) -> None:
    """An activity with such a signature is read for what else it says."""
    thing = stage.fediverse.put(stage.peer.thread(stage.bob, stage.toetsing.uri, "Wie weet dit?"))
    signature = {
        "type": "RsaSignature2017",
        "creator": stage.bob.key_id,
        "created": "2026-01-01T00:00:00Z",
        "signatureValue": "AAAA",
    }
    stage.says({**stage.peer.create(stage.bob, thing), "signature": signature})
    assert stage.found(thing["id"]).is_published


def members_only(stage: Stage) -> None:
    """What is for members goes nowhere."""
    stage.follow()
    stage.does(setattr, stage.toetsing, "visibility", Visibility.MEMBERS)
    stage.server.posted.clear()
    stage.publish()
    assert stage.received() == []


def own_emoji(stage: Stage) -> None:
    """An emoji that only they have stays as the text it stands for."""
    icon = {"type": "Image", "url": f"http://{stage.peer.host}/blij.png"}
    emoji = {"type": "Emoji", "id": f"http://{stage.peer.host}/e/1", "name": ":blij:", "icon": icon}
    mention = stage.peer.mention(stage.toetsing.uri)
    post = _thread(stage, content="<p>Zo :blij: ermee</p>", tag=[mention, emoji])
    assert ":blij:" in post.body_html


def feed(stage: Stage) -> None:
    """A list of communities wants to follow ours."""
    actor = stage.fediverse.at(f"http://{stage.peer.host}/f/lijst", "Feed")
    answer = stage.fediverse.deliver(stage.peer.follow(actor, stage.toetsing.uri), actor)
    assert answer.status_code in {202, 401, 403}
    stage.settle()


def relay(stage: Stage) -> None:
    """A relay passes on what nobody here asked for."""
    actor = stage.fediverse.at(f"http://{stage.peer.host}/relay", "Application")
    announce = stage.peer.act("Announce", actor, "http://elders.test/notes/1", to=[PUBLIC])
    _unchanged(stage, announce, actor)


ACTS = {
    11: group_follows_group,
    16: article,
    25: poll,
    26: poll_vote,
    27: meeting,
    28: attendance,
    43: reaction,
    48: moderators_edit,
    63: private_message,
    65: move_thread,
    72: linked_signature,
    80: members_only,
    81: own_emoji,
    82: feed,
    83: relay,
}
CASES = {number: Case(act, lambda _stage, _done: None) for number, act in ACTS.items()}
