"""What somebody wrote, before it is checked, cleaned and stored."""

from dataclasses import dataclass

from app.forum.models.post import PostKind


@dataclass(frozen=True)
class AttachmentDraft:
    """A file or picture that comes along, at its own address."""

    url: str
    media_type: str | None = None
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class BodyDraft:
    """A text: Markdown of our own people, or (`body_html`) HTML that another server sent.

    `mentioned_ids` are accounts that a remote text names; in our own texts they are looked up.
    """

    body_source: str = ""
    body_html: str | None = None
    language: str = "nl"
    attachments: tuple[AttachmentDraft, ...] = ()
    mentioned_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CommentDraft(BodyDraft):
    """An answer."""


@dataclass(frozen=True, kw_only=True)
class PostDraft(BodyDraft):
    """What starts a thread."""

    title: str
    kind: PostKind = PostKind.DISCUSSION
    link_url: str | None = None
    is_sensitive: bool = False
