"""Warnings: a word from the moderators to who wrote something, which stays where it is."""

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import emit
from app.forum import policy
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.standings import get_standing
from app.forum.services.states import cleaned_reason
from app.forum.services.verdicts import community_of
from app.moderation.events import PersonWarned


def warn_person(by: Account | None, target: Post | Comment, reason: str) -> None:
    """Tell the author of `target` that it goes too far; `by` is None where its community says so.

    Raises NotAllowedError by rank, ConflictError for what is gone, InvalidInputError (`reason`)
    when one of our people says nothing.
    """
    community = community_of(target)
    if by is not None:
        author = get_standing(target.author, community)
        if not policy.can_judge(get_standing(by, community), author, community):
            raise NotAllowedError(_("Deze persoon kun je hier niet waarschuwen."))
    if not target.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    text = cleaned_reason(reason)
    if not text and by is not None and by.is_local:
        raise InvalidInputError("reason", _("Schrijf waarom je waarschuwt."))
    emit(
        PersonWarned(
            account_id=target.author_id,
            by_id=None if by is None else by.id,
            post_id=target.id if isinstance(target, Post) else None,
            comment_id=target.id if isinstance(target, Comment) else None,
            reason=text,
        )
    )
