"""Prepare the text of an XML feed so that a strict parser can read what publishers meant.

One pass over the text outside CDATA sections and comments, which leaves a well-formed document
as it was, apart from three things: the prolog with its DOCTYPE is gone (entities it declares are
written out, with a bound on the growth, so there are no entity bombs and no external entities),
characters XML forbids are gone, and ids carry `ID_MARK` because feedparser would otherwise
resolve them as if they were links, which makes them change when a feed moves.
"""

import html
import re
from dataclasses import dataclass

from feeds.formats import limits
from feeds.formats.errors import NotAFeedError, NotAFeedReason
from feeds.formats.plain_text import drop_controls
from feeds.formats.xml_budget import check_budget, shorten_names

ID_MARK = "x-claimed-id:"
_SKIPPED = r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)"
_PROLOG_PART = re.compile(
    rf"{_SKIPPED}|<\?[^>]{0, 2000}>|<!DOCTYPE|<(?=[A-Za-z_])", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])")
_FEED_START = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf)(?=[\s>])", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]{1,40})\s+(?:\"([^\"]*)\"|'([^']*)')\s*>", re.IGNORECASE)
_SAFE_VALUE = re.compile(r"[^&<%]*|&#\w{1,8};")
_TOKEN = re.compile(
    rf"{_SKIPPED}|<(?:[\w.-]+:)?(?:guid|id)(?:\s[^<>]*)?>"
    r"|<(?P<close>/?)(?:[\w.-]+:)?(?P<item>item|entry)(?:\s[^<>]*)?>"
    r"|&(?P<reference>\#?[\w.-]{1,40};)?",
    re.DOTALL | re.IGNORECASE,
)
_XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_HIGHEST = 0x10FFFF
_FIRST_PRINTABLE = 0x20
_SURROGATES = range(0xD800, 0xE000)
_SEARCH_WINDOW = 16 * 1024


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """Where one item stands in the text: from its start tag to behind its end tag."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class XmlSource:
    """Prepared text, the items counted in it (with their place when closed) and first damage."""

    text: str
    expected: int
    items: tuple[ItemSpan, ...]
    warnings: tuple[str, ...]


def find_root(text: str) -> tuple[str, int] | None:
    """Local name (lower case) and place of the first element that is not prolog, or None."""
    place = 0
    while True:
        match = _PROLOG_PART.search(text, place)
        if match is None:
            return None
        if match[0].upper() == "<!DOCTYPE":
            place = _end_of_doctype(text, match.start())
        elif match[0] == "<":
            root = _ROOT.match(text, match.start())
            return (root[1].lower(), match.start()) if root else None
        else:
            place = match.end()


def find_feed_start(text: str) -> int | None:
    """Place of a feed's root behind junk, such as the warnings PHP prints before it."""
    match = _FEED_START.search(text, 0, _SEARCH_WINDOW)
    return match.start() if match else None


def _end_of_doctype(text: str, start: int) -> int:
    """Behind the DOCTYPE declaration, its internal subset included (XML 1.0 section 2.8)."""
    bracket, end = text.find("[", start), text.find(">", start)
    if -1 < bracket < end:
        closing = re.compile(r"\]\s*>").search(text, bracket)
        return closing.end() if closing else len(text)
    return end + 1 if end >= 0 else len(text)


def _declared_entities(prolog: str) -> dict[str, str]:
    """Find the short, flat entities a DOCTYPE declares; nested and external ones are not read."""
    found: dict[str, str] = {}
    for match in _ENTITY.finditer(prolog):
        value = match[2] if match[2] is not None else match[3]
        if len(value) <= limits.ENTITY_VALUE and _SAFE_VALUE.fullmatch(value):
            found.setdefault(match[1], value)
        if len(found) >= limits.ENTITIES:
            break
    return found


def _is_allowed(reference: str) -> bool:
    """Whether a numeric character reference names a character XML allows (section 2.2)."""
    digits = reference[1:-1]
    try:
        code = int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
    except ValueError:
        return False
    if code in (9, 10, 13):
        return True
    return _FIRST_PRINTABLE <= code <= _HIGHEST and code not in _SURROGATES


class _Preparer:
    """Rewrites tokens and keeps the tally while `re.sub` walks over the text."""

    def __init__(self, entities: dict[str, str]) -> None:
        self.entities = entities
        self.growth = limits.ENTITY_GROWTH
        self.first_damage: int | None = None

    def __call__(self, match: re.Match[str]) -> str:
        token = match[0]
        if token[0] == "&":
            return self._reference(match)
        if token.startswith("<!") or match["item"] or token.endswith("/>"):
            return token
        return token + ID_MARK

    def _reference(self, match: re.Match[str]) -> str:
        reference = match["reference"]
        if reference in _XML_ENTITIES:
            return match[0]
        if reference and reference[:-1] in self.entities:
            return self._within_budget(self.entities[reference[:-1]])
        if reference and reference[0] == "#" and _is_allowed(reference):
            return "&#x" + reference[2:] if reference[1] == "X" else match[0]
        if self.first_damage is None:
            self.first_damage = match.start()
        return self._within_budget(_repaired(reference))

    def _within_budget(self, value: str) -> str:
        self.growth -= len(value)
        if self.growth < 0:
            message = "Its entities and stray ampersands grow beyond all measure"
            raise NotAFeedError(NotAFeedReason.UNREADABLE, message)
        return value


def _repaired(reference: str | None) -> str:
    """Give what a broken reference was meant to be: a bare ampersand, or HTML's own entity."""
    if not reference:
        return "&amp;"
    if reference[0] == "#":
        return "" if reference[1:2].isdigit() or reference[1:2] in "xX" else "&amp;" + reference
    character = html.unescape(f"&{reference}")
    return f"&amp;{reference}" if character.startswith("&") else html.escape(character)


def _find_items(text: str) -> tuple[int, tuple[ItemSpan, ...]]:
    """Start tags of items outside CDATA and comments, and the spans of those that are closed."""
    expected, opened, spans = 0, -1, list[ItemSpan]()
    for match in _TOKEN.finditer(text):
        if not match["item"]:
            continue
        if match["close"]:
            if opened >= 0:
                spans.append(ItemSpan(opened, match.end()))
            opened = -1
            continue
        expected += 1
        opened = -1 if match[0].endswith("/>") else match.start()
    return expected, tuple(spans)


def _without_tail(text: str, root: str) -> tuple[str, bool]:
    """Give the text up to its last root end tag, and whether anything but comments was cut off."""
    end = text.rfind(f"</{root}")
    close = text.find(">", end) if end >= 0 else -1
    if close < 0:
        return text, False
    tail = re.sub(r"<!--(?:.*?-->|.*)", "", text[close + 1 :], flags=re.DOTALL)
    return text[: close + 1], bool(tail.strip())


def prepare_xml(text: str, start: int) -> XmlSource:
    """Prepare the document whose root stands at `start` in `text`."""
    body = drop_controls(text[start:])
    root = re.match(r"<([\w.:-]+)", body)
    body, had_tail = _without_tail(body, root[1] if root else "")
    preparer = _Preparer(_declared_entities(text[:start]))
    check_budget(body)
    prepared = shorten_names(_TOKEN.sub(preparer, body))
    expected, items = _find_items(prepared)
    warnings = []
    if preparer.first_damage is not None:
        line = text.count("\n", 0, start) + body.count("\n", 0, preparer.first_damage) + 1
        warnings.append(f"malformed XML at line {line}: a bare & or an unknown entity")
    if had_tail:
        warnings.append("there is something behind the end of the feed")
    return XmlSource(prepared, expected, items, tuple(warnings))
