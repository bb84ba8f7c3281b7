"""Our posts, comments and tombstones as JSON."""

from federation.vocab.outgoing import Note, Page, Post, Tombstone
from federation.vocab.render_parts import (
    Members,
    without_absent,
    write_attachments,
    write_count,
    write_key,
    write_language,
    write_later,
    write_picture,
    write_source,
    write_tags,
    write_time,
)
from federation.vocab.stamps import QuoteAuthorization
from federation.vocab.terms import HTML, PUBLIC

LONGEST_TITLED = 3000  # characters, as long as a post may be there


def write_page(page: Page) -> Members:
    """Write a thread starter; it never has an inReplyTo (Lemmy refuses even a null address)."""
    return without_absent(
        {
            "type": page.type,
            **_common(page),
            "name": page.name,
            "summary": page.summary,
            "_misskey_content": _titled_text(page),
            "image": write_picture(page.image),
        }
    )


def _titled_text(page: Page) -> str | None:
    """Return the text with its title above it, for Misskey and Sharkey: they show no `name`.

    In their own markup, of which Markdown is nearly a part. A long text is left out: it would be
    sent a third time.
    """
    if page.source is None or len(page.source) > LONGEST_TITLED:
        return None
    return f"**{page.name.replace('*', '')}**\n\n{page.source}"


def write_note(note: Note) -> Members:
    """Write a comment: without a name, with a summary only as a warning."""
    return without_absent(
        {
            "type": "Note",
            **_common(note),
            "inReplyTo": note.in_reply_to,
            "summary": note.summary or None,
            "distinguished": note.distinguished or None,
        }
    )


def write_tombstone(tombstone: Tombstone) -> Members:
    """Write what stands in the place of something deleted."""
    return without_absent(
        {
            "type": "Tombstone",
            "id": tombstone.uri,
            "formerType": tombstone.former_type,
            "published": write_time(tombstone.published),
            "deleted": write_time(tombstone.deleted),
            "publicKey": write_key(tombstone.uri, tombstone.public_key_pem),
        }
    )


def write_stamp(stamp: QuoteAuthorization) -> Members:
    """Write the leave to quote something."""
    return {
        "type": "QuoteAuthorization",
        "id": stamp.uri,
        "attributedTo": stamp.attributed_to,
        "interactingObject": stamp.interacting_object,
        "interactionTarget": stamp.interaction_target,
    }


def _common(post: Post) -> Members:
    """Write what posts and comments share."""
    return {
        "id": post.uri,
        "url": post.url or post.uri,
        "attributedTo": post.attributed_to,
        "to": list(post.to),
        "cc": list(post.cc),
        "audience": post.group.href if post.group else None,
        "content": post.content,
        "mediaType": HTML,
        "source": write_source(post.source),
        "contentMap": {post.language.identifier: post.content} if post.language else None,
        "language": write_language(post.language) if post.language else None,
        "attachment": write_attachments(post.attachments),
        "tag": write_tags(post.group, post.mentions, post.hashtags),
        "context": post.context,
        "replies": write_count(post.replies),
        "likes": write_count(post.likes),
        "dislikes": write_count(post.dislikes),
        "shares": write_count(post.shares),
        "sensitive": post.sensitive,
        "commentsEnabled": post.comments_enabled,
        "interactionPolicy": _policy(post),
        "published": write_time(post.published),
        "updated": write_later(post.updated, post.published),
    }


def _policy(post: Post) -> Members | None:
    """Write who may quote and answer what is for everybody (FEP-044f, GoToSocial).

    Of a closed conversation only the author may answer: GoToSocial knows no other sign of that.
    """
    if PUBLIC not in post.to:
        return None
    policy: Members = {"canQuote": {"automaticApproval": [PUBLIC]}}
    if not post.comments_enabled:
        policy["canReply"] = {"automaticApproval": [post.attributed_to]}
    return policy
