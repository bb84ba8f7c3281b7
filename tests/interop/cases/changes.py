"""Edits, deletions, removals and what comes back: rows 46, 47, 49 to 53."""

from typing import Any

from app.core.html import html_to_text
from app.forum.models.post import Post
from app.forum.services import posts, verdicts
from tests.interop.cases.case import Case
from tests.interop.cases.threads import announce_id
from tests.interop.stage import Stage

NEW_TITLE = "Hoe kalibreren jullie samen?"


def _place(stage: Stage) -> Post:
    """Publish where the peer gets the author's own activities: at home there, or as a boost."""
    if stage.peer.is_forum:
        return stage.publish(stage.community(stage.joined()))
    stage.follow()
    return stage.publish()


def _edit(stage: Stage, post: Post) -> None:
    draft = posts.PostDraft(title=NEW_TITLE, body_source="Anders.", kind=post.kind)
    stage.does(posts.edit_post, post, draft, stage.anna)


def edit_bare(stage: Stage) -> Post:
    """Anna edits a thread that came there as her own Create, or as a boost."""
    post = _place(stage)
    _edit(stage, post)
    return post


def shows_edit(stage: Stage, post: Post) -> None:
    """The new text is shown, by her own Update."""
    shown = stage.peer.shown.thing(post.uri)

    assert [one["actor"] for one in stage.received("Update")] == [stage.anna.uri]
    assert shown["title"] == NEW_TITLE
    assert "Anders." in html_to_text(shown["html"])


def edit_announced(stage: Stage) -> Post:
    """Bob follows; anna edits a thread in our community."""
    stage.follow()
    post = stage.publish()
    _edit(stage, post)
    return post


def shows_announced_edit(stage: Stage, post: Post) -> None:
    """The community passes the Update on."""
    wrapped = [one["object"]["type"] for one in stage.received("Announce")]

    assert wrapped == ["Create", "Update"]
    assert stage.peer.shown.thing(post.uri)["title"] == NEW_TITLE


def gets_no_wrapped(stage: Stage, _done: Any) -> None:
    """Nothing wrapped goes there."""
    assert [one for one in stage.received("Announce") if isinstance(one["object"], dict)] == []


def delete_bare(stage: Stage) -> Post:
    """Anna deletes a thread that came there by herself, or as a boost."""
    post = _place(stage)
    stage.does(posts.delete_post, post, stage.anna)
    return post


def is_gone(stage: Stage, post: Post) -> None:
    """It is gone, without a reason: nobody takes it for a moderator's act."""
    deletes = stage.received("Delete")

    assert [one["actor"] for one in deletes] == [stage.anna.uri]
    assert "summary" not in deletes[0]
    assert stage.peer.shown.gone == {post.uri: None}


def delete_announced(stage: Stage) -> Post:
    """Bob follows; anna deletes a thread in our community."""
    stage.follow()
    post = stage.publish()
    stage.does(posts.delete_post, post, stage.anna)
    return post


def is_gone_by_group(stage: Stage, post: Post) -> None:
    """The community passes the Delete on."""
    assert stage.received("Announce")[-1]["object"]["type"] == "Delete"
    assert stage.peer.shown.gone == {post.uri: None}


def remove(stage: Stage) -> Post:
    """Bob follows; anna removes carla's thread."""
    stage.follow()
    post = stage.publish()
    stage.does(verdicts.remove, post, stage.anna, "reclame")
    return post


def is_removed(stage: Stage, post: Post) -> None:
    """It is gone, with the reason."""
    assert stage.peer.shown.gone[post.uri] == "reclame"
    assert stage.peer.shown.refused == []


def loses_boost(stage: Stage, post: Post) -> None:
    """Only the boost is taken back; a Delete would burn the id for ever."""
    assert stage.received("Delete") == []
    assert post.uri not in stage.peer.shown.boosts


def remove_boosted(stage: Stage) -> str:
    """What went there by its id is removed.

    NodeBB asks the post's own server what became of it, so there it is a post of ours.
    """
    if stage.peer.name == "nodebb":
        return remove(stage).uri
    uri = announce_id(stage)
    post = stage.found(uri)
    stage.does(verdicts.remove, post, stage.anna, "reclame")
    return uri


def is_boost_gone(stage: Stage, uri: str) -> None:
    """The boost is taken back, or (on a forum) the thread itself is."""
    assert uri not in stage.peer.shown.boosts or uri in stage.peer.shown.gone


def restore(stage: Stage) -> Post:
    """Anna brings back what she removed."""
    post = remove(stage)
    stage.does(verdicts.restore, post, stage.anna)
    return post


def is_back(stage: Stage, post: Post) -> None:
    """People see it again."""
    assert stage.peer.shown.thing(post.uri)["title"] == "Hoe kalibreren jullie?"
    assert stage.peer.shown.refused == []


def is_shown_or_boosted(stage: Stage, post: Post) -> None:
    """Without that verb there is another way: a new boost, or an Update."""
    if stage.peer.is_forum:
        assert post.uri not in stage.peer.shown.gone
    else:
        assert post.uri in stage.peer.shown.boosts


CASES = {
    46: Case(edit_bare, shows_edit),
    47: Case(edit_announced, shows_announced_edit, gets_no_wrapped),
    49: Case(delete_bare, is_gone),
    50: Case(delete_announced, is_gone_by_group, gets_no_wrapped),
    51: Case(remove, is_removed, loses_boost),
    52: Case(remove_boosted, is_boost_gone),
    53: Case(restore, is_back, is_shown_or_boosted),
}
