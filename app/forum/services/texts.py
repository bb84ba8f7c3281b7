"""From drafts to what is stored: cleaned, limited, stamped."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import InvalidInputError
from app.core.html import clean_html, clean_plain_text, clean_text, safe_url
from app.core.markdown import render_markdown
from app.forum.models.attachment import Attachment
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.models.posted import Posted
from app.forum.origin import Origin, Remote
from app.forum.services.drafts import AttachmentDraft, BodyDraft
from app.forum.services.mentions import find_linked_ids, find_mentioned_ids, link_mention

MAX_TITLE = 300
MAX_SOURCE = 50_000
MAX_HTML = 200_000
MAX_ATTACHMENTS = 100
MAX_DESCRIPTION = 1500
MAX_MENTIONED = 20  # security.md A119: by what others send
MAX_AHEAD = timedelta(hours=24)
UNKNOWN_LANGUAGE = "und"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,6})?")


@dataclass(frozen=True)
class StoredText:
    """A text as it is stored and shown, and whom it names."""

    source: str
    html: str
    mentioned_ids: tuple[int, ...]


def compose_text(draft: BodyDraft) -> StoredText:
    """Return the safe form of a text; raises InvalidInputError("body") for one that is too long."""
    if draft.body_html is not None:
        html = clean_html(draft.body_html, max_length=MAX_HTML)
        return StoredText("", html, draft.mentioned_ids[:MAX_MENTIONED])
    source = clean_source(draft.body_source)
    if len(source) > MAX_SOURCE:
        raise InvalidInputError(
            "body", _("Maak je tekst korter: hooguit %(max)d tekens.", max=MAX_SOURCE)
        )
    rendered = render_markdown(source, mentions=link_mention)
    return StoredText(source, rendered.html, find_mentioned_ids(rendered.mentions))


def clean_source(source: str) -> str:
    """Return Markdown as it is stored: one kind of line end, no NUL (PostgreSQL refuses it)."""
    return source.replace("\r\n", "\n").replace("\x00", "").strip()


def checked_title(title: str, origin: Origin) -> str:
    """Return a title as plain text; ours may be neither empty nor too long."""
    if isinstance(origin, Remote):
        return clean_text(title, max_length=MAX_TITLE) or _("Zonder titel")
    cleaned = clean_plain_text(title, max_length=2 * MAX_TITLE)
    if not cleaned:
        raise InvalidInputError("title", _("Schrijf een titel."))
    if len(cleaned) > MAX_TITLE:
        raise InvalidInputError(
            "title", _("Maak de titel korter: hooguit %(max)d tekens.", max=MAX_TITLE)
        )
    return cleaned


def checked_link(url: str | None, origin: Origin) -> str | None:
    """Return a link that is safe to show, or None; raises InvalidInputError for a wrong one."""
    if not url or not url.strip():
        return None
    safe = safe_url(url)
    if safe is None and not isinstance(origin, Remote):
        raise InvalidInputError(
            "link_url", _("Dit adres klopt niet. Een adres begint met https:// of http://.")
        )
    return safe


def checked_language(language: str) -> str:
    """Return a language code as BCP 47 writes them, or "und" for anything else."""
    return language if _LANGUAGE.fullmatch(language) else UNKNOWN_LANGUAGE


def is_history(origin: Origin) -> bool:
    """Whether something was fetched long after it was written: nobody is told of it as of news."""
    return isinstance(origin, Remote) and origin.is_history


def stamp_origin(thing: Posted, origin: Origin, now: datetime) -> None:
    """Set id, page and the three times of something new; sorted by the earlier of both clocks."""
    published = now
    if isinstance(origin, Remote):
        thing.remote_uri = origin.uri
        thing.remote_url = safe_url(origin.url) if origin.url else None
        published = origin.published or now
        if origin.updated is not None and origin.updated > published:
            thing.edited_at = _believed(origin.updated, now)
    thing.published_at = published
    thing.received_at = now
    thing.changed_at = now
    thing.sort_at = min(published, now)


def stamp_approval(thing: Posted) -> None:
    """Set the times of a text that was held: it is new to all readers from now on.

    What was written elsewhere keeps the time its server claims; of ours nobody saw what it said
    before.
    """
    now = utcnow()
    thing.received_at = now
    if thing.is_local:
        thing.published_at = now
        thing.edited_at = None
    thing.sort_at = min(thing.published_at, now)


def list_named_ids(thing: Posted) -> tuple[int, ...]:
    """Return whom a stored text names: by its Markdown, or of ours by the links others made."""
    if thing.body_source:
        return compose_text(BodyDraft(body_source=thing.body_source)).mentioned_ids
    return find_linked_ids(thing.body_html)[:MAX_MENTIONED]


def is_older_than_known(thing: Posted, origin: Origin) -> bool:
    """Whether a remote change came late: a newer one has been applied before."""
    if not isinstance(origin, Remote) or origin.updated is None or thing.edited_at is None:
        return False
    return origin.updated < thing.edited_at


def stamp_edit(thing: Posted, origin: Origin) -> None:
    """Set the times of a change."""
    now = utcnow()
    updated = origin.updated if isinstance(origin, Remote) else None
    thing.edited_at = _believed(updated or now, now)
    thing.changed_at = now


def _believed(updated: datetime, now: datetime) -> datetime:
    """Return when something changed as its server says, also by a clock that is some hours ahead.

    Only so do two changes by such a clock keep their order, whichever comes first.
    """
    return updated if updated <= now + MAX_AHEAD else now


def replace_attachments(target: Post | Comment, drafts: tuple[AttachmentDraft, ...]) -> bool:
    """Store what comes along with a text; return whether that changed anything."""
    column = Attachment.post_id if isinstance(target, Post) else Attachment.comment_id
    before = [
        (row.url, row.media_type, row.description)
        for row in session().scalars(
            select(Attachment).where(column == target.id).order_by(Attachment.position)
        )
    ]
    after = [kept for draft in drafts[:MAX_ATTACHMENTS] if (kept := _clean(draft)) is not None]
    if before == after:
        return False
    session().execute(delete(Attachment).where(column == target.id))
    owner = {"post_id" if isinstance(target, Post) else "comment_id": target.id}
    session().add_all(
        Attachment(position=place, url=url, media_type=kind, description=text, **owner)
        for place, (url, kind, text) in enumerate(after)
    )
    session().flush()
    return True


def _clean(draft: AttachmentDraft) -> tuple[str, str | None, str] | None:
    url = safe_url(draft.url)
    if url is None:
        return None
    kind = clean_text(draft.media_type, max_length=100) if draft.media_type else None
    return url, kind, clean_text(draft.description, max_length=MAX_DESCRIPTION)
