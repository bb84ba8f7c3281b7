"""Answers in both directions, and walking a thread: rows 21 to 24, 38, 39, 76 to 78."""

from typing import Any

from app.core.html import html_to_text
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services import posts
from tests.interop.cases.case import Case
from tests.interop.stage import Json, Stage
from tests.readers import lemmy, lemmy_parts


def answer_with_followers(stage: Stage) -> Comment:
    """Bob follows our community; carla answers anna."""
    stage.follow()
    return stage.reply(stage.publish())


def shows_answer(stage: Stage, comment: Comment) -> None:
    """The answer stands below the thread."""
    shown = stage.peer.shown.thing(comment.uri)

    assert html_to_text(shown["html"]) == "Ik weet het."
    assert stage.peer.shown.refused == []


def is_not_pushed(stage: Stage, comment: Comment) -> None:
    """No timeline is flooded with answers to others."""
    assert comment.uri not in stage.peer.shown.comments
    assert len(stage.received("Announce")) == 1


def answer_bob(stage: Stage) -> Comment:
    """Bob asks in our community (or, on Lemmy, in one there), carla answers him."""
    if stage.peer.name == "lemmy":
        group = stage.joined()
        thing = stage.fediverse.put(stage.peer.thread(stage.bob, group.uri, "Wie weet dit?"))
        stage.passed_on(group, stage.peer.create(stage.bob, thing))
    else:
        thing = stage.asked()
    post = stage.found(thing["id"])
    assert isinstance(post, Post)
    return stage.reply(post)


def gets_bare_answer(stage: Stage, comment: Comment) -> None:
    """It comes as her own Create, and is shown."""
    creates = [one for one in stage.received("Create") if one["object"]["id"] == comment.uri]

    assert [one["actor"] for one in creates] == [stage.carla.uri]
    assert html_to_text(stage.peer.shown.comments[comment.uri]["html"]) == "Ik weet het."
    assert stage.peer.shown.refused == []


def answer_here(stage: Stage) -> tuple[Post, Json]:
    """Bob answers anna's thread."""
    post = stage.publish()
    return post, stage.answered(post.uri)


def stands_below(stage: Stage, done: tuple[Post, Json]) -> None:
    """It stands on our page below the thread, with his name."""
    post, thing = done
    comment = stage.found(thing["id"])
    page = stage.page(f"/post/{post.public_id}")

    assert isinstance(comment, Comment)
    assert comment.post_id == post.id
    assert "Zo doen wij het." in page
    assert stage.peer.host in page


def answer_an_answer(stage: Stage) -> Comment:
    """Three deep."""
    post = stage.publish()
    return stage.reply(post, stage.reply(post, stage.reply(post)))


def walks_up(stage: Stage, comment: Comment) -> None:
    """Each answer names what it answers, and that can be fetched, up to the post."""
    steps, document = 0, stage.fetch(comment.uri)
    while document.get("inReplyTo"):
        lemmy.read_document(document)
        document, steps = stage.fetch(document["inReplyTo"]), steps + 1

    assert (steps, document["type"]) == (3, "Page")


def mixed_thread(stage: Stage) -> tuple[Post, list[str]]:
    """A thread with an answer from here and one from there."""
    post = stage.publish()
    ours = stage.reply(post)
    theirs = stage.answered(post.uri)
    return post, [ours.uri, theirs["id"]]


def walks_context(stage: Stage, done: tuple[Post, list[str]]) -> None:
    """The list of the thread has all of it, oldest first, and each can be fetched."""
    post, answers = done
    context = stage.fetch(stage.fetch(post.uri)["context"])

    lemmy_parts.UrlList.model_validate(context)
    assert context["orderedItems"] == [post.uri, *answers]
    assert [stage.get(uri)["id"] for uri in context["orderedItems"]] == [post.uri, *answers]


def walks_replies(stage: Stage, done: tuple[Post, list[str]]) -> None:
    """The list of answers has those from here and from there."""
    post, answers = done
    replies = stage.fetch(stage.fetch(post.uri)["replies"])

    assert replies["type"] == "Collection"
    assert replies["first"]["items"] == answers


def fill_outbox(stage: Stage) -> list[str]:
    """Two threads, and answers."""
    made = [stage.publish(title=f"Vraag {number}") for number in range(2)]
    stage.reply(made[0])
    return [post.uri for post in made]


def reads_outbox(stage: Stage, uris: list[str]) -> None:
    """Newest first; each an Announce of the whole Create."""
    outbox = stage.fetch(f"{stage.toetsing.uri}/outbox")
    found = lemmy.read_outbox(outbox)

    assert len(found) == 2
    shown = [one["object"]["object"]["id"] for one in outbox["orderedItems"]]
    assert shown == uris[::-1]


def pin_one(stage: Stage) -> Post:
    """Anna pins a thread."""
    post = stage.publish()
    stage.does(posts.pin_post, post, stage.anna, True)
    return post


def reads_pinned(stage: Stage, post: Post) -> None:
    """The list has it in full."""
    featured = stage.fetch(f"{stage.toetsing.uri}/featured")

    lemmy_parts.FeaturedList.model_validate(featured)
    assert [one["id"] for one in featured["orderedItems"]] == [post.uri]


def look_at_moderators(stage: Stage) -> Json:
    """Fetch who looks after the community."""
    return stage.fetch(stage.fetch(stage.toetsing.uri)["attributedTo"])


def reads_moderators(stage: Stage, found: Any) -> None:
    """Names as addresses."""
    lemmy_parts.ModeratorsList.model_validate(found)
    assert found["orderedItems"] == [stage.anna.uri]


CASES = {
    21: Case(answer_with_followers, shows_answer, is_not_pushed),
    22: Case(answer_bob, gets_bare_answer),
    23: Case(answer_here, stands_below),
    24: Case(answer_an_answer, walks_up),
    38: Case(mixed_thread, walks_context),
    39: Case(mixed_thread, walks_replies),
    76: Case(fill_outbox, reads_outbox),
    77: Case(pin_one, reads_pinned),
    78: Case(look_at_moderators, reads_moderators),
}
