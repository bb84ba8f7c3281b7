"""Rows for tests, made through the services that make them in life."""

import secrets
import uuid

from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.devices import Device
from app.accounts.models.account import Account
from app.accounts.models.credential import ADMIN_ROLE, Role, User
from app.accounts.services import registration, remote
from app.accounts.services.sessions import start_session
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind
from app.forum.services import comments, communities, posts


def make_account(
    name: str = "anna",
    *,
    host: str | None = None,
    admin: bool = False,
    email: str | None = None,
    display_name: str = "",
) -> Account:
    """A person: local with a confirmed sign-in, or known from `host`."""
    if host is not None:
        profile = remote.RemoteProfile(
            uri=f"http://{host}/u/{name}", name=name, host=host, display_name=display_name
        )
        with unit_of_work():
            return remote.upsert_remote_account(profile)
    with unit_of_work():
        user = User(
            email=email or f"{name}@school.test",
            fs_uniquifier=uuid.uuid4().hex,
            confirmed_at=utcnow(),
            active=True,
            roles=[_admin_role()] if admin else [],
        )
        session().add(user)
        session().flush()
        return registration.register_account(user, name, display_name or name.title())


def _admin_role() -> Role:
    role = session().scalar(select(Role).where(Role.name == ADMIN_ROLE))
    if role is None:
        role = Role(name=ADMIN_ROLE)
        session().add(role)
        session().flush()
    return role


def make_community(
    name: str = "toetsing",
    *,
    owner: Account | None = None,
    host: str | None = None,
    **fields: object,
) -> Community:
    """A community, ours or one at `host`; `fields` are set on the row."""
    with unit_of_work():
        if host is None:
            community = communities.found_community(name, name.title(), owner)
        else:
            community = communities.upsert_remote_community(
                communities.RemoteCommunity(
                    uri=f"http://{host}/c/{name}", name=name, host=host, title=name.title()
                )
            )
        for field, value in fields.items():
            setattr(community, field, value)
        return community


def make_post(
    community: Community,
    author: Account,
    title: str = "Hoe toetsen jullie?",
    body: str = "Wij zoeken een rubric.",
    kind: PostKind = PostKind.QUESTION,
) -> Post:
    """A post written here."""
    with unit_of_work():
        return posts.publish_post(
            author, community, posts.PostDraft(title=title, body_source=body, kind=kind)
        )


def make_comment(
    post: Post, author: Account, body: str = "Zo doen wij het.", parent: Comment | None = None
) -> Comment:
    """A comment written here."""
    with unit_of_work():
        return comments.publish_comment(
            author, post, parent, comments.CommentDraft(body_source=body)
        )


def sign_in(client: FlaskClient, account: Account) -> None:
    """Give the browser a session of this account, as signing in would."""
    with unit_of_work():
        user = session().get_one(User, account.user_id)
        key = start_session(user, Device())
    with client.session_transaction() as kept:
        kept["_user_id"] = key
        kept["_fresh"] = True
        kept["fs_cc"] = "set"
        kept["fs_paa"] = utcnow().timestamp()
        kept["identity"] = secrets.token_hex(4)
