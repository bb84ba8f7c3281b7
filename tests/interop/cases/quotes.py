"""Quotes of what our people wrote: row 40."""

from app.forum.models.post import Post
from tests.interop.cases.case import Case
from tests.interop.stage import Json, Stage


def ask_to_quote(stage: Stage) -> tuple[Post, Json]:
    """Bob asks for leave to quote anna's thread, and starts one with a quote of it."""
    post = stage.publish()
    quote = stage.asked(quote=post.uri, quoteUri=post.uri)
    stage.says(stage.peer.act("QuoteRequest", stage.bob, post.uri, instrument=quote))
    return post, quote


def may_quote(stage: Stage, done: tuple[Post, Json]) -> None:
    """He has it, with a stamp of hers that everybody may read."""
    post, quote = done
    accept = stage.received("Accept")[-1]
    stamp = stage.fetch(accept["result"])

    assert (accept["actor"], accept["object"]["instrument"]) == (stage.anna.uri, quote["id"])
    assert (stamp["type"], stamp["attributedTo"]) == ("QuoteAuthorization", stage.anna.uri)
    assert (stamp["interactingObject"], stamp["interactionTarget"]) == (quote["id"], post.uri)


def is_a_thread(stage: Stage, done: tuple[Post, Json]) -> None:
    """What quotes is read as what it says."""
    _post, quote = done
    assert stage.found(quote["id"]).is_published


CASES = {40: Case(ask_to_quote, may_quote, unless=is_a_thread)}
