"""Threads of ours as they are shown there, and theirs as they stand here: rows 13 to 20."""

from typing import Any

from app.core.html import html_to_text
from app.forum.models.post import Post
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.interop.cases.case import Case
from tests.interop.stage import BODY, Json, Stage
from tests.support.fediverse import Answer, note

TITLE = "Hoe kalibreren jullie?"
PLAIN = "Wij zoeken een vorm."


def announce_create(stage: Stage) -> Post:
    """Bob follows; anna starts a thread. A microblog is one that does not say what it runs."""
    if not stage.peer.is_forum:
        stage.server.answers["/.well-known/nodeinfo"] = Answer(status=404)
    stage.follow()
    return stage.publish()


def is_titled_thread(stage: Stage, post: Post) -> None:
    """It has its title; it came as a Create passed on."""
    announced = stage.received("Announce")[0]

    assert announced["object"]["type"] == "Create"
    assert stage.peer.shown.thing(post.uri)["title"] == TITLE
    assert stage.peer.shown.refused == []


def announce_id(stage: Stage) -> str:
    """A post that was only looked up stands in our community: it is passed on by its id."""
    stage.follow()
    if not stage.peer.is_forum:
        return stage.publish().uri
    ada = stage.fediverse.person("ada", "elders.test")
    mention = {"type": "Mention", "href": stage.toetsing.uri, "name": "@toetsing"}
    plain = note(ada, "<p>Wie kent dit?</p>", cc=[stage.toetsing.uri], tag=[mention])
    asked = stage.fediverse.put({**plain, "sensitive": False})
    Chase(activity_client()).bring(asked["id"])
    stage.settle()
    return str(asked["id"])


def is_boost(stage: Stage, uri: str) -> None:
    """The community boosts it."""
    assert uri in stage.peer.shown.boosts
    assert stage.peer.shown.refused == []


def is_no_thread(stage: Stage, uri: str) -> None:
    """It was sent once, and made nothing there."""
    assert [one["object"] for one in stage.received("Announce")] == [uri]
    assert uri not in stage.peer.shown.threads


def follow_and_publish(stage: Stage) -> Post:
    """Bob follows; anna starts a thread."""
    stage.follow()
    return stage.publish()


def got_one_form(stage: Stage, post: Post) -> None:
    """One Announce, of the form that suits: there is no second entry, and no boost as a vote."""
    announced = stage.received("Announce")
    forms = [isinstance(one["object"], dict) for one in announced]

    assert forms == [stage.peer.is_forum]
    assert post.uri in stage.peer.shown.threads


def has_title(stage: Stage, post: Post) -> None:
    """The title is to be seen."""
    shown = stage.peer.shown.thing(post.uri)

    assert shown["title"] == TITLE
    if stage.peer.name == "mastodon":
        assert f"<h2>{TITLE}</h2>" in shown["html"]


def has_text(stage: Stage, post: Post) -> None:
    """The whole text is to be seen."""
    assert html_to_text(stage.peer.shown.thing(post.uri)["html"]) == PLAIN


def has_summary_and_link(stage: Stage, post: Post) -> None:
    """Not the content, but a summary that says as much, and a link to the page."""
    html = stage.peer.shown.thing(post.uri)["html"]

    assert PLAIN in html_to_text(html)
    assert f'href="{post.uri}"' in html


def bare_note(stage: Stage) -> Any:
    """Bob follows carla, who answers in a thread."""
    post = stage.publish()
    stage.follow(stage.carla.uri)
    return stage.reply(post)


def is_bare_note(stage: Stage, comment: Any) -> None:
    """Her answer came by itself and is shown."""
    assert [one["type"] for one in stage.received("Create", "Announce")] == ["Create"]
    assert stage.peer.shown.thing(comment.uri)["author"] == stage.carla.uri


def start_here(stage: Stage) -> Json:
    """Bob starts a thread in our community, in the way of his software."""
    return stage.asked(TITLE)


def stands_here(stage: Stage, thing: Json) -> None:
    """It has a title, its author and its text, on our page."""
    post = stage.found(thing["id"])
    page = stage.page(f"/post/{post.public_id}")

    assert isinstance(post, Post)
    assert (post.title, post.community.name) == (TITLE, "toetsing")
    assert post.author.uri == stage.bob.uri
    assert TITLE in page
    assert stage.peer.host in page


def markdown_is_used(stage: Stage, post: Post) -> None:
    """What is kept as source is what anna typed."""
    assert stage.peer.shown.thing(post.uri)["text"] == BODY


def html_is_used(stage: Stage, post: Post) -> None:
    """The Markdown is nowhere to be seen."""
    assert "**" not in stage.peer.shown.thing(post.uri)["text"]


def is_in_community(stage: Stage, post: Post) -> None:
    """The thread stands in the community, nowhere else."""
    assert stage.peer.shown.thing(post.uri)["group"] == stage.toetsing.uri


CASES = {
    13: Case(announce_create, is_titled_thread),
    14: Case(announce_id, is_boost, is_no_thread),
    15: Case(follow_and_publish, got_one_form, got_one_form),
    17: Case(follow_and_publish, has_title),
    18: Case(follow_and_publish, has_text, has_summary_and_link),
    19: Case(bare_note, is_bare_note),
    20: Case(start_here, stands_here),
    36: Case(follow_and_publish, markdown_is_used, html_is_used),
    37: Case(follow_and_publish, is_in_community),
}
