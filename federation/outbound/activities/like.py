"""Votes and their retraction (federation.md section 3.7)."""

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.events import VoteCast, VoteRetracted
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.models.vote import Vote
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane
from federation.outbound.activities.announce import Passing, pass_on
from federation.outbound.audience import Audience, home_of, people_by_uri
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.provenance import received_bytes
from federation.outbound.threads import is_open, thread_of
from federation.vocab.outgoing import Activity


def cast_vote(event: VoteCast) -> None:
    """Tell that somebody found a post or comment useful."""
    vote = session().get_one(Vote, event.vote_id)
    target = vote.post or vote.comment
    assert target is not None
    if vote.account.is_local:
        _say(vote.account, target, _like(vote.account, target, vote.public_id))
    else:
        _pass(target, received_bytes("Like"))


def retract_vote(event: VoteRetracted) -> None:
    """Tell that somebody took a vote back."""
    voter = session().get_one(Account, event.account_id)
    target: Post | Comment = (
        session().get_one(Post, event.post_id)
        if event.post_id is not None
        else session().get_one(Comment, event.comment_id)
    )
    if not voter.is_local:
        _pass(target, received_bytes("Undo", "Dislike"))
        return
    like = _like(voter, target, event.public_id)
    undo = Activity(
        type="Undo",
        uri=new_activity_uri("Undo"),
        actor=voter.uri,
        object=like,
        to=like.to,
        cc=like.cc,
        audience=like.audience,
    )
    _say(voter, target, undo)


def _like(voter: Account, target: Post | Comment, public_id: str) -> Activity:
    community = thread_of(target).community
    return Activity(
        type="Like",
        uri=new_activity_uri("Like", public_id),
        actor=voter.uri,
        object=target.uri,
        to=(target.author.uri,),
        cc=(community.uri,),
        audience=community.uri,
    )


def _say(voter: Account, target: Post | Comment, activity: Activity) -> None:
    thread = thread_of(target)
    if not is_open(thread):
        return
    publication = Publication(
        actor=voter,
        activity=activity,
        object_uri=target.uri,
        order_key=thread.uri,
        lane=Lane.VOTES,
    )
    row = publish(publication, *_audiences(target))
    _pass(target, row.body)


def _audiences(target: Post | Comment) -> tuple[Audience, ...]:
    """Return the group's home; and the author on a microblog, who sees a favourite."""
    community = thread_of(target).community
    author = people_by_uri([target.author.uri]).for_dialect(DeliveryDialect.MICROBLOGS)
    return (author,) if community.is_local else (home_of(community), author)


def _pass(target: Post | Comment, inner: bytes | None) -> None:
    thread = thread_of(target)
    if inner is not None and is_open(thread):
        pass_on(
            thread.community,
            inner,
            Passing(object_uri=target.uri, order_key=thread.uri, lane=Lane.VOTES),
        )
