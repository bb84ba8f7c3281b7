"""Makes foreign HTML tame before a real parser sees it: one linear pass, bounded nesting.

A tree builder needs time quadratic in the depth, and the HTML rules for formatting elements copy
them into every paragraph; 200 kB of nested tags hold it for seconds (measured). So each tag is
taken apart here with a strict grammar. What fits is written anew, what does not fit becomes text
(`&lt;`), never markup. End tags count only when they close the innermost open element: whatever
the parser later makes of it, the tree is at most about as deep as the stack kept here.

Comments, declarations and elements whose content is not HTML are dropped with their content, so
the parser never meets the states in which its reading and ours could differ (mXSS, security.md
A5). This is no sanitiser: `app.core.html` runs the real one afterwards, last.

All expressions use possessive quantifiers and none may match across a `<`: linear by construction.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_DEPTH = 200
# Formatting elements are copied into each following block, so few of them may be open at once.
MAX_FORMATTING = 16
MAX_TAGS = 50_000

_VALUE = r"""(?:"[^"<]*+"|'[^'<]*+'|[^\s"'=<>`][^\s"'<>`]*+)"""
_NAME = r"""[^\s<>/"'=]++"""
_TAG = re.compile(
    rf"""<(/?+)([a-zA-Z][^\s<>/"'=]*+)((?:[\s/]++|{_NAME}(?:\s*+=\s*+{_VALUE})?+)*+)>"""
)
_ATTRIBUTE = re.compile(rf"""({_NAME})(?:\s*+=\s*+({_VALUE}))?+""")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"}
    | {"source", "track", "wbr"}
)
# The parser closes these by itself when the next one opens: long old pages never close them.
_SELF_CLOSING = frozenset({"p", "li", "td", "th", "tr", "thead", "tbody", "tfoot"})
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt"}
    | {"u"}
)
# Elements whose content is not text for people, or is read by other rules than HTML's own.
_DROPPED = frozenset(
    {"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "textarea", "title"}
    | {"plaintext", "template", "svg", "select"}
)


@dataclass(frozen=True)
class Text:
    """Characters between tags; entities are still encoded, no `<` that opens a tag is in it."""

    content: str


@dataclass(frozen=True)
class Start:
    """A start tag; attribute values are still encoded and without their quotes."""

    name: str
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class End:
    """An end tag that closes the innermost open element, or one of those that need none."""

    name: str


Token = Text | Start | End


def lex(html: str) -> Iterator[Token]:
    """Yield the tokens of `html`, nested at most MAX_DEPTH deep."""
    nesting = _Nesting()
    position = 0
    while position < len(html):
        opening = html.find("<", position)
        if opening < 0:
            yield Text(html[position:])
            return
        if opening > position:
            yield Text(html[position:opening])
        token, position = _next(html, opening)
        if isinstance(token, Text) or (token is not None and nesting.admits(token)):
            yield token


class _Nesting:
    """The open elements, and whether another tag still fits."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._formatting = 0
        self._tags = 0

    def admits(self, token: Start | End) -> bool:
        """Whether the tag may stay; keeps account of it when it does."""
        self._tags += 1
        if self._tags > MAX_TAGS:
            return False
        if token.name in _VOID or token.name in _SELF_CLOSING:
            return True
        if isinstance(token, End):
            return self._close(token.name)
        return self._enter(token.name)

    def _enter(self, name: str) -> bool:
        is_formatting = name in _FORMATTING
        if len(self._open) >= MAX_DEPTH or (is_formatting and self._formatting >= MAX_FORMATTING):
            return False
        self._open.append(name)
        self._formatting += is_formatting
        return True

    def _close(self, name: str) -> bool:
        if not self._open or self._open[-1] != name:
            return True  # the parser knows what to do with it; it is only not counted
        self._open.pop()
        self._formatting -= name in _FORMATTING
        return True


def _next(html: str, opening: int) -> tuple[Token | None, int]:
    """Return the token at `opening` (None: nothing to keep) and where the next one begins."""
    match = _TAG.match(html, opening)
    if match is None:
        return _not_a_tag(html, opening)
    name = match[2].lower()
    if match[1]:
        return End(name), match.end()
    if name in _DROPPED:
        return None, _end_of(html, name, match.end())
    return Start(name, _attributes(match[3])), match.end()


def _not_a_tag(html: str, opening: int) -> tuple[Token | None, int]:
    following = html[opening + 1 : opening + 2]
    if html.startswith("<!--", opening):
        return None, _after(html, "-->", opening + 4)
    if following in {"!", "?"}:
        return None, _after(html, ">", opening + 1)
    return Text("&lt;"), opening + 1


def _after(html: str, ending: str, position: int) -> int:
    found = html.find(ending, position)
    return len(html) if found < 0 else found + len(ending)


def _end_of(html: str, name: str, position: int) -> int:
    """Return where the end tag of a dropped element begins, or the end of the text."""
    found = re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE).search(html, position)
    return len(html) if found is None else found.start()


def _attributes(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((match[1].lower(), _unquote(match[2])) for match in _ATTRIBUTE.finditer(text))


def _unquote(value: str | None) -> str:
    if value is None:
        return ""
    return value[1:-1] if value[0] in "\"'" else value
