"""The text of a foreign document as HTML, with what its type carries around it.

federation.md sections 2.4, 2.6 and 3.11: a meeting starts with when and where, a poll ends with its
answers, an article with a lead keeps it. The forum's services clean the result.
"""

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from typing import Final
from urllib.parse import urlsplit

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.core.html import clean_text, html_to_text, safe_url
from app.core.markdown import render_markdown
from app.core.settings import current_settings
from app.core.web import local_datetime
from app.forum.queries.communities import find_community_by_uri
from federation.vocab.carried import Meeting, Poll, PollOption
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of
from federation.vocab.terms import MARKDOWN, PLAIN_TEXT, Kind

MAX_LEAD: Final = 1000
TELLING: Final = 60
SECONDS: Final = 60


def text_of(document: ObjectDocument) -> str:
    """Return what its author wrote, as HTML that still needs cleaning."""
    content = document.content or ""
    if not content and document.kind is not Kind.NOTE:
        return document.summary or ""
    if document.media_type == MARKDOWN:
        return render_markdown(content, mentions=_no_address).html
    if document.media_type == PLAIN_TEXT:
        return "".join(f"<p>{escape(line)}</p>" for line in content.splitlines() if line.strip())
    return content


def body_of(document: ObjectDocument, text: str) -> str:
    """Return `text` with what the document carries besides, in the language of this server."""
    with force_locale(current_settings().locale):
        before = [*_lead(document, text), *_meeting(document), *_duration(document)]
        after = [] if document.poll is None else [_poll(document.poll)]
    return "".join([*before, text, *after])


def _lead(document: ObjectDocument, text: str) -> Iterator[str]:
    """Yield the summary of an article, unless it only repeats how the article begins."""
    if document.type != "Article" or not document.summary or not document.content:
        return
    lead = clean_text(document.summary, max_length=MAX_LEAD)
    beginning = lead.rstrip("\u2026. []")[:TELLING]
    if lead and beginning not in " ".join(html_to_text(text).split()):
        yield f"<p><strong>{escape(lead)}</strong></p>"


def _meeting(document: ObjectDocument) -> Iterator[str]:
    meeting = document.meeting
    if meeting is None:
        return
    if meeting.is_cancelled:
        yield _line(_("Deze bijeenkomst gaat niet door."))
    if meeting.starts_at is not None:
        yield _line(_("Wanneer: %(when)s", when=_period(meeting)))
    for place in meeting.places:
        yield _line(_("Waar: %(place)s", place=place))
    yield from _link(_("Online meedoen"), meeting.online_url)
    organisers = ", ".join(meeting.organisers)
    if organisers:
        yield _line(_("Organisator: %(names)s", names=organisers))
    elif document.group is not None:
        yield _line(_("Organisator: %(names)s", names=_group_name(document.group)))
    yield from _link(_("Aanmelden"), meeting.sign_up_url)


def _period(meeting: Meeting) -> str:
    assert meeting.starts_at is not None
    start = local_datetime(meeting.starts_at)
    if meeting.ends_at is None or meeting.ends_at <= meeting.starts_at:
        return start
    return str(_("%(start)s tot %(end)s", start=start, end=local_datetime(meeting.ends_at)))


def _group_name(uri: str) -> str:
    """Return the title of a community that we know, else what its address says."""
    community = find_community_by_uri(uri)
    if community is not None:
        return community.title
    name = urlsplit(uri).path.rstrip("/").rpartition("/")[2].lstrip("@")
    return f"{name}@{host_of(uri)}" if name else host_of(uri)


def _duration(document: ObjectDocument) -> Iterator[str]:
    if document.duration is not None:
        yield _line(_("Duur: %(duration)s", duration=_clock(document.duration)))


def _clock(duration: timedelta) -> str:
    """Return 19:05 or 1:02:05."""
    minutes, seconds = divmod(int(duration.total_seconds()), SECONDS)
    hours, minutes = divmod(minutes, SECONDS)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _poll(poll: Poll) -> str:
    """Return the answers with their counts, and until when people vote (at the poll's own home)."""
    answers = "".join(f"<li>{escape(_answer(option))}</li>" for option in poll.options)
    lines = []
    if poll.voters:
        voted = ngettext("%(num)d mens stemde.", "%(num)d mensen stemden.", poll.voters)
        lines.append(_line(voted))
    if poll.is_closed:
        lines.append(_line(_("Deze peiling is gesloten.")))
    elif poll.closes_at is not None:
        when = local_datetime(poll.closes_at)
        lines.append(_line(_("Deze peiling loopt tot %(when)s.", when=when)))
    return f"<ul>{answers}</ul>{''.join(lines)}"


def _answer(option: PollOption) -> str:
    if option.count is None:
        return option.name
    votes = ngettext("%(num)d stem", "%(num)d stemmen", option.count)
    return f"{option.name}: {votes}"


def _line(text: str) -> str:
    return f"<p>{escape(str(text))}</p>"


def _link(text: str, url: str | None) -> Iterator[str]:
    safe = safe_url(url) if url is not None else None
    if safe is not None:
        yield f'<p><a href="{escape(safe)}">{escape(str(text))}</a></p>'


def _no_address(_handle: str) -> None:
    return None
