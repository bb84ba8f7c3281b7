"""Calling something useful, and taking that back."""

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.db import session
from app.core.errors import ConflictError, NotAllowedError
from app.core.events import emit
from app.forum import policy
from app.forum.access import can_see_post
from app.forum.events import VoteCast, VoteRetracted
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.models.vote import Vote
from app.forum.queries.reading import find_vote, note_vote
from app.forum.queries.standings import get_standing
from app.forum.services.locking import lock_row


def cast_vote(account: Account, target: Post | Comment, request_uri: str | None = None) -> Vote:
    """Count `target` as useful for `account`, once; a repeat returns the vote there is.

    `request_uri` is the id of a remote Like. Raises ConflictError for what is gone and
    NotAllowedError for one's own texts and for what the voter may not read.
    """
    if not target.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    post = target if isinstance(target, Post) else target.post
    standing = get_standing(account, post.community)
    if not policy.can_vote(standing, target, post.visibility) or not can_see_post(account, post):
        raise NotAllowedError(_("Hier kun je niet op stemmen."))
    lock_row(target)
    vote = find_vote(account, target)
    if vote is not None:
        vote.request_uri = request_uri or vote.request_uri
        return vote
    vote = Vote(account=account, request_uri=request_uri)
    if isinstance(target, Post):
        vote.post = target
        target.vote_count = Post.vote_count + 1
    else:
        vote.comment = target
        target.vote_count = Comment.vote_count + 1
    session().add(vote)
    note_vote(account, target)
    session().flush()
    emit(VoteCast(vote.id))
    return vote


def retract_vote(account: Account, target: Post | Comment) -> None:
    """Take the vote of `account` back; nothing happens when there is none."""
    lock_row(target)
    vote = find_vote(account, target)
    if vote is None:
        return
    retracted = VoteRetracted(
        account_id=account.id,
        post_id=vote.post_id,
        comment_id=vote.comment_id,
        public_id=vote.public_id,
        request_uri=vote.request_uri,
    )
    if isinstance(target, Post):
        target.vote_count = Post.vote_count - 1
    else:
        target.vote_count = Comment.vote_count - 1
    session().delete(vote)
    note_vote(account, target)
    session().flush()
    emit(retracted)
