"""The received activity behind an event, as the bytes that were signed."""

from collections.abc import Iterator

from sqlalchemy import select

from app.core.db import session
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.provenance import current_inbox_activity_id, settle_earlier
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import host_of
from federation.vocab.parse import parse_activity, parse_json


def received(*types: str) -> InboxActivity | None:
    """Return the activity being applied when it is one of `types`; else None."""
    row_id = current_inbox_activity_id()
    row = session().get(InboxActivity, row_id) if row_id is not None else None
    return row if row is not None and row.type in types else None


def received_bytes(*types: str) -> bytes | None:
    """Return the body of the activity being applied when it is one of `types`; else None."""
    row = received(*types)
    return None if row is None else row.body


def received_act(verb: str, object_uri: str) -> bytes | None:
    """Return the body of the activity being applied when it does, or undoes, `verb` to an object.

    One activity may cause much else (a ban removes texts): that is not passed on as if it were it.
    """
    row = received(verb)
    if row is None:
        return None
    activity = parse_activity(parse_json(row.body))
    inner = activity.object if verb == "Undo" else activity
    if isinstance(inner, str) and (body := find_received_body(inner)) is not None:
        inner = parse_activity(parse_json(body))  # named by its id alone
    is_it = isinstance(inner, ActivityDocument) and inner.object_uri == object_uri
    return row.body if is_it else None


def find_received(uri: str, author_uri: str, *types: str) -> InboxActivity | None:
    """Return the newest activity of `types` with which its author sent us `uri`; None if none did.

    For a text that waited for a moderator: what brought it was handled long before its approval.
    The newest, because an author may have changed the text while it waited.
    """
    return next(list_received(uri, author_uri, *types), None)


def list_received(uri: str, author_uri: str, *types: str) -> Iterator[InboxActivity]:
    """Give the activities of `types` with which its author sent us `uri`, the newest first."""
    settle_earlier()
    rows = session().scalars(
        select(InboxActivity)
        .where(
            InboxActivity.signer_host == host_of(author_uri),
            InboxActivity.signer_uri == author_uri,
            InboxActivity.type.in_(types),
            InboxActivity.state == InboxState.DONE,
            InboxActivity.body != b"",  # the bytes are kept for 30 days
        )
        .order_by(InboxActivity.id.desc())
    )
    return (row for row in rows if _is_about(row, uri))


def find_received_body(activity_uri: str) -> bytes | None:
    """Return what came under this id, as long as its bytes are kept."""
    found = session().scalar(
        select(InboxActivity.body).where(
            InboxActivity.signer_host == host_of(activity_uri),
            InboxActivity.activity_uri == activity_uri,
        )
    )
    return found or None


def _is_about(row: InboxActivity, uri: str) -> bool:
    return parse_activity(parse_json(row.body)).object_uri == uri
