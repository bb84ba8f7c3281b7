"""What a post carries besides its text: rows 29 to 35 and 84."""

from typing import Any

from app.forum.models.post import Post, PostKind
from app.forum.services import posts
from app.forum.services.drafts import AttachmentDraft
from app.notifications.queries import count_unread
from tests.interop.cases.case import Case
from tests.interop.stage import Json, Stage

PICTURES = [f"https://ons.test/media/{number}.webp" for number in range(4)]
LINK = "https://voorbeeld.test/artikel"


def publish_pictures(stage: Stage) -> Post:
    """Anna posts four pictures, each with a description."""
    stage.follow()
    drafts = [AttachmentDraft(url, "image/webp", f"Rubric {url[-6]}") for url in PICTURES]
    return stage.publish(attachments=tuple(drafts))


def shows_pictures(stage: Stage, post: Post) -> None:
    """All four are shown."""
    assert stage.peer.shown.thing(post.uri)["images"] == PICTURES


def subject_and_rest(stage: Stage, post: Post) -> None:
    """The first is what the thread is about; the others stand in the text."""
    shown = stage.peer.shown.thing(post.uri)

    assert shown["link"] == PICTURES[0]
    assert shown["appended"] == PICTURES[1:]


def shows_descriptions(stage: Stage, post: Post) -> None:
    """Who cannot see them can read what they show."""
    shown = stage.peer.shown.thing(post.uri)

    assert shown["alts"] == [f"Rubric {number}" for number in range(4)]


def publish_link(stage: Stage) -> Post:
    """Anna posts a link."""
    stage.follow()
    return stage.publish(kind=PostKind.LINK, link_url=LINK)


def shows_link(stage: Stage, post: Post) -> None:
    """The thread points there."""
    assert stage.peer.shown.thing(post.uri)["link"] == LINK


def still_shows_text(stage: Stage, post: Post) -> None:
    """Without a card the post itself is whole."""
    assert stage.peer.shown.thing(post.uri)["title"] == "Hoe kalibreren jullie?"


def tag_both_ways(stage: Stage) -> Post:
    """Anna writes a post with hashtags, and so does bob."""
    stage.follow()
    post = stage.publish(body_source="Wie weet iets van #toetsing, en van #rubrics?")
    host = stage.peer.host
    tag = {"type": "Hashtag", "href": f"http://{host}/tags/toetsen", "name": "#toetsen"}
    asked = stage.asked(tag=[stage.peer.mention(stage.toetsing.uri), tag])
    assert stage.found(asked["id"]).is_published
    return post


def shows_hashtags(stage: Stage, post: Post) -> None:
    """It is found there by each of them."""
    assert stage.peer.shown.thing(post.uri)["hashtags"] == ["#toetsing", "#rubrics"]


def takes_hashtags(stage: Stage, post: Post) -> None:
    """Lemmy has tags of another style; it reads the post all the same."""
    assert stage.peer.shown.thing(post.uri)["title"] == "Hoe kalibreren jullie?"
    assert stage.peer.shown.refused == []


def mention_both_ways(stage: Stage) -> Any:
    """Carla names bob; bob names anna."""
    stage.follow(stage.carla.uri)
    post = stage.publish()
    comment = stage.reply(post, body=f"Vraag het @bob@{stage.peer.host}.")
    parent = comment.uri
    stage.answered(parent, tag=[stage.peer.mention(stage.anna.uri)])
    return comment


def both_are_told(stage: Stage, comment: Any) -> None:
    """Bob's bell rings there, anna's here."""
    assert (stage.bob.uri, comment.uri) in stage.peer.shown.notified
    assert count_unread(stage.anna) > 0


def publish_plain(stage: Stage) -> Post:
    """Anna posts in Dutch; bob posts in Dutch."""
    stage.follow()
    return stage.publish(language="nl")


def knows_language(stage: Stage, post: Post) -> None:
    """It is told there; theirs is told here."""
    asked = stage.found(stage.asked()["id"])
    says_none = stage.peer.name == "nodebb"

    assert stage.peer.shown.thing(post.uri)["language"] == "nl"
    assert asked.language == ("und" if says_none else "nl")


def publish_sensitive(stage: Stage) -> tuple[Post, Json]:
    """Both sides post something that not everybody wants to see."""
    stage.follow()
    return stage.publish(is_sensitive=True), stage.asked(sensitive=True)


def covers_both(stage: Stage, done: tuple[Post, Json]) -> None:
    """It is covered there and here."""
    post, thing = done
    asked = stage.found(thing["id"])

    assert stage.peer.shown.thing(post.uri)["sensitive"] is True
    assert isinstance(asked, Post)
    assert asked.is_sensitive


def close_thread(stage: Stage) -> Post:
    """Anna closes a thread."""
    stage.follow()
    post = stage.publish()
    stage.does(posts.lock_post, post, stage.anna, True, "uitgepraat")
    return post


def is_closed_for_answers(stage: Stage, post: Post) -> None:
    """Nobody can answer there; who looks it up is told so."""
    assert post.uri in stage.peer.shown.locked
    assert stage.fetch(post.uri)["commentsEnabled"] is False


CASES = {
    29: Case(publish_pictures, shows_pictures, other={"lemmy": subject_and_rest}),
    30: Case(publish_pictures, shows_descriptions),
    31: Case(publish_link, shows_link, still_shows_text),
    32: Case(tag_both_ways, shows_hashtags, other={"lemmy": takes_hashtags}),
    33: Case(mention_both_ways, both_are_told),
    34: Case(publish_plain, knows_language),
    35: Case(publish_sensitive, covers_both),
    84: Case(close_thread, is_closed_for_answers),
}
