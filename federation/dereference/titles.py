"""A title for what came without one: the first line, without the group's name and without markup.

federation.md section 2.4. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from urllib.parse import urlsplit

from app.core.html import clean_plain_text, html_to_text, safe_url
from app.core.html_lexer import Start, lex
from federation.vocab.objects import Mention

MAX_TITLE = 200
MIN_SENTENCE = 15
MAX_SCANNED = 100_000
MAX_LINE = 2000

_SENTENCE_END = re.compile(r"(?<=[.!?\u2026])\s+(?=\S)")
_MARKDOWN_START = re.compile(r"^\s{0,3}(?:#{1,6}|>|[*+-])\s+")
_MARKDOWN_LINK = re.compile(r"!?\[(?P<text>[^\[\]]{0,300})\]\([^()\s]{1,500}\)")
_MARKDOWN_STRESS = re.compile(r"(?P<sign>\*\*|__|~~|`)(?=\S)(?P<text>[^*_~`]{1,300})(?P=sign)")
_HANDLE = re.compile(r"(?<![\w@])[@!](?P<name>[\w.\-]+)(?:@[\w.\-\[\]:]+)?")


def title_of(html: str, group_names: Iterable[str]) -> str:
    """Return the first line or sentence of foreign HTML as a title of at most 200 characters.

    `group_names` are the names of the communities spoken to; their handles are left out. Empty when
    nothing is left.
    """
    names = {name.lower() for name in group_names}

    def without_group(match: re.Match[str]) -> str:
        return "" if match["name"].lower() in names else match[0]

    for line in html_to_text(html[:MAX_SCANNED]).split("\n"):
        text = _HANDLE.sub(without_group, _without_markdown(line[:MAX_LINE]))
        text = " ".join(text.split()).strip(" ,:;-\u2013\u2014")
        if text:
            return _first_sentence(text)
    return ""


def first_external_link(html: str, mentions: Sequence[Mention], own_host: str) -> str | None:
    """Return the first link that is no mention, no hashtag and not the peer's own."""
    spoken_to = {mention.href for mention in mentions}
    for token in lex(html[:MAX_SCANNED]):
        if not isinstance(token, Start) or token.name != "a":
            continue
        attributes = {name: unescape(value) for name, value in token.attributes}
        url = safe_url(attributes.get("href", ""))
        if url is None or url in spoken_to or _is_tag_link(attributes):
            continue
        if urlsplit(url).netloc.lower() != own_host:
            return url
    return None


def _without_markdown(line: str) -> str:
    """Return a line without the signs of Markdown that somebody typed where it means nothing."""
    line = _MARKDOWN_LINK.sub(lambda match: match["text"], _MARKDOWN_START.sub("", line))
    return _MARKDOWN_STRESS.sub(lambda match: match["text"], line)


def _is_tag_link(attributes: Mapping[str, str]) -> bool:
    """Whether a link is a mention or a hashtag, as Mastodon and its kin mark them."""
    words = f"{attributes.get('class', '')} {attributes.get('rel', '')}".lower().split()
    return not {"mention", "hashtag", "tag"}.isdisjoint(words)


def _first_sentence(text: str) -> str:
    """Return a short line whole, of a long one the first sentence, cut when that is long too."""
    if len(text) <= MAX_TITLE:
        return text
    sentence = next((s for s in _sentences(text) if len(s) >= MIN_SENTENCE), text)
    return clean_plain_text(sentence, max_length=MAX_TITLE)


def _sentences(text: str) -> Iterable[str]:
    for match in _SENTENCE_END.finditer(text):
        yield text[: match.start()]
    yield text
