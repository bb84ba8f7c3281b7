"""The fields of an entry, cleaned the same way whatever format they came in."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from feeds.formats import limits, links
from feeds.formats.document import FeedKind
from feeds.formats.html_depth import bound_depth
from feeds.formats.plain_text import cut_html, drop_controls, one_line, title_text
from feeds.formats.xml_source import ID_MARK

_EMAIL = re.compile(r"<?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b>?(?:\?subject=\S+)?")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}")


@dataclass(frozen=True, slots=True)
class EntryContext:
    """What all entries of one document share: where it came from and what holds for all."""

    url: str
    kind: FeedKind
    language: str | None = None
    author: str | None = None


def primary_language(tag: object) -> str | None:
    """Give the primary subtag of a language tag (BCP 47), lower case: `nl` for nl-NL and nl_nl."""
    match = _LANGUAGE.fullmatch(tag.strip()) if isinstance(tag, str) else None
    return match[1].lower() if match else None


def person_name(text: str) -> str | None:
    """Give a name without any e-mail address in it, or None when that was all there was."""
    name = _EMAIL.sub(" ", title_text(text, limits.AUTHOR * 2) or "")
    return one_line(re.sub(r"\(\s*\)|<\s*>", " ", name).strip(" ()<>,;:-"), limits.AUTHOR)


def claimed_id(text: str) -> str | None:
    """Give the id without our mark; one too long to keep is replaced by its hash."""
    value = drop_controls(text).strip().removeprefix(ID_MARK).strip()
    if len(value) > limits.ID:
        return "sha256:" + hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()
    return value or None


def shown_html(value: str, base: str, page: str | None = None) -> str | None:
    """Give bounded HTML with absolute links; None when it is empty."""
    if not value.strip():
        return None
    bounded = bound_depth(cut_html(drop_controls(value).strip(), limits.HTML))
    return links.resolve_html(bounded, base, page) or None


def positive_number(value: object) -> int | None:
    """Give a whole number above zero from a text or number, else None."""
    try:
        number = int(str(value).strip()[:15])
    except ValueError:
        return None
    return number if number > 0 else None


def media_type(value: object) -> str | None:
    """Give a media type when it has the form of one (RFC 6838 section 4.2)."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if _MEDIA_TYPE.fullmatch(text) else None


def category_names(raw: Iterable[str]) -> tuple[str, ...]:
    """Give labels as plain text, each once whatever its case."""
    found: dict[str, str] = {}
    for one in raw:
        name = title_text(one, limits.CATEGORY)
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[: limits.CATEGORIES]
