"""A foreign post or comment in the forum's own words.

federation.md section 2.4: what has a name keeps it, a note gets its first line as title, a type
we do not know keeps its name, summary and link.
"""

from html import escape

from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.core.html import clean_text, safe_url
from app.forum.models.post import PostKind
from app.forum.origin import Remote
from app.forum.services.drafts import AttachmentDraft, CommentDraft, PostDraft
from federation.dereference.bodies import body_of, text_of
from federation.dereference.titles import MAX_TITLE, first_external_link, title_of
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of
from federation.vocab.terms import Kind

MAX_LANGUAGE = 10
MAX_ATTACHMENTS = 20
MAX_MENTIONED = 20  # security.md A119: no post makes more noise than that
FALLBACK_TITLE = "\u2026"


def origin_from(document: ObjectDocument) -> Remote:
    """Return where and when it was written, as its server says."""
    return Remote(
        document.uri, document.url, document.published, document.updated, document.context
    )


def post_draft(document: ObjectDocument, group_names: tuple[str, ...] = ()) -> PostDraft:
    """Return the draft of a thread; `group_names` are left out of a title that must be made."""
    text = text_of(document)
    link, title = _link_of(document, text), _title(document, text, group_names)
    return PostDraft(
        title=title,
        body_source="",
        body_html=body_of(document, text),
        kind=PostKind.LINK if link else _kind_of(title),
        link_url=link,
        language=_language(document),
        attachments=_attachments(document, link),
        mentioned_ids=_mentioned_ids(document),
        is_sensitive=document.sensitive,
    )


def _kind_of(title: str) -> PostKind:
    """Return what a title tells: on the wire a question and a discussion look the same."""
    is_question = title.rstrip(" \u201d\u2019\"')").endswith("?")
    return PostKind.QUESTION if is_question else PostKind.DISCUSSION


def comment_draft(document: ObjectDocument) -> CommentDraft:
    """Return the draft of a comment; a content warning stands above the text."""
    html = body_of(document, text_of(document))
    if document.summary:
        warning = escape(clean_text(document.summary, max_length=MAX_TITLE))
        html = f"<p><strong>{warning}</strong></p>{html}"
    return CommentDraft(
        body_source="",
        body_html=html,
        language=_language(document),
        attachments=_attachments(document, None),
        mentioned_ids=_mentioned_ids(document),
    )


def _title(document: ObjectDocument, html: str, group_names: tuple[str, ...]) -> str:
    for candidate in (document.name, document.summary if document.kind is Kind.NOTE else None):
        title = clean_text(candidate or "", max_length=MAX_TITLE)
        if title:
            return title
    made = title_of(html, group_names) or clean_text(document.summary or "", max_length=MAX_TITLE)
    return made or host_of(document.uri) or FALLBACK_TITLE


def _link_of(document: ObjectDocument, html: str) -> str | None:
    """Return the page a thread points to: its own, else the first one in a note's text."""
    if document.first_link is not None:
        return safe_url(document.first_link)
    if document.kind is Kind.NOTE or document.type == "Question":
        return first_external_link(html, document.mentions, host_of(document.uri))
    if document.kind is Kind.UNKNOWN or document.type in {"Video", "Audio", "Event"}:
        return safe_url(document.url or document.uri)
    return None


def _language(document: ObjectDocument) -> str:
    """Return the language tag; "und" (ISO 639-2) when the peer does not say."""
    language = document.language or "und"
    return language if len(language) <= MAX_LANGUAGE else language.partition("-")[0]


def _mentioned_ids(document: ObjectDocument) -> tuple[int, ...]:
    """Return the row ids of those of our people whom a document names."""
    ours = [m.href for m in document.mentions if local_path(m.href) is not None]
    found = (find_account_by_uri(uri) for uri in ours[:MAX_MENTIONED])
    return tuple(account.id for account in found if account is not None)


def _attachments(document: ObjectDocument, link: str | None) -> tuple[AttachmentDraft, ...]:
    """Return pictures and files, the picture of the post first; its link is none of them."""
    drafts: dict[str, AttachmentDraft] = {}
    for attachment in document.attachments:
        url = safe_url(attachment.url)
        if url is not None and url != link and url not in drafts:
            drafts[url] = AttachmentDraft(url, attachment.media_type, attachment.name or "")
    picture = safe_url(document.image_url) if document.image_url else None
    if picture is not None and picture not in drafts:
        drafts = {picture: AttachmentDraft(picture, None, ""), **drafts}
    return tuple(drafts.values())[:MAX_ATTACHMENTS]
