"""What a page of moderation is about: a post, a comment or a person, as the reader may know it."""

from flask import url_for
from flask_babel import gettext as _

from app.accounts.current import require_account
from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_handle, find_account_by_public_id
from app.core.errors import NotFoundError
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.posts import get_readable_post
from app.moderation.models.report import Report


def get_text(kind: str, public_id: str) -> Post | Comment:
    """Return the post or comment of an address, or raise NotFoundError."""
    viewer = require_account()
    if kind == "post":
        return get_readable_post(public_id, viewer)
    if kind == "comment":
        return get_readable_comment(public_id, viewer)
    raise NotFoundError(_("Het adres klopt niet, of de pagina is weggehaald. Zoek het op."))


def get_person(public_id: str) -> Account:
    """Return a person who is still there, suspended or not, or raise NotFoundError."""
    account = find_account_by_public_id(public_id)
    if account is None or account.state == AccountState.DELETED:
        raise NotFoundError(_("Deze persoon bestaat niet, of niet meer."))
    return account


def find_person(handle: str) -> Account | None:
    """Return who is called `name`, or `name@host` elsewhere, among those we know."""
    name, _at_sign, host = handle.strip().removeprefix("@").partition("@")
    return find_account_by_handle(name, host or None)


def page_of(target: Post | Comment | Account) -> str:
    """Return the address where a text or a person is shown."""
    if isinstance(target, Account):
        return url_for("accounts.show_profile", page_name=target.page_name)
    if isinstance(target, Comment):
        return url_for("forum.show_comment", public_id=target.public_id)
    return url_for("forum.show_post", public_id=target.public_id)


def subject_of(report: Report) -> str:
    """Return the address of what was reported."""
    if report.about_community is not None:
        return url_for("forum.show_community", name=report.about_community.page_name)
    subject = report.target or report.account
    assert subject is not None
    return page_of(subject)
