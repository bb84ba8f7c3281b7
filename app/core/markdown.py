"""Our Markdown: CommonMark with tables, strikethrough, bare links and mentions, as safe HTML.

HTML in the source is text. What comes out has passed `app.core.html`, like all HTML we show.
Time is bounded: nesting is limited by the parser, and sources are cut at MAX_SOURCE characters.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from app.core.html import clean_html, safe_url

MAX_SOURCE = 100_000
MAX_HTML = 400_000
# As many as we accept from others in one post (federation.md 4.2).
MAX_MENTIONS = 50
_ENVIRONMENT = "verbindplaats"

Address = Callable[[str], str | None]
"""Given `@name`, `@name@host`, `!name` or `!name@host`, the absolute URL to link to, or None."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{0,8}}(?::[0-9]{{1,5}})?"
_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?"
# Not inside a word, an e-mail address or a URL; each part is bounded, so matching is linear.
_SPECIAL = re.compile(
    rf"(?<![\w@!/.&=#-])(?:(?P<mention>[@!]{_NAME}(?:@{_HOST})?)(?![\w@])"
    r"|(?P<url>https?://[^\s<>\"`]{1,2000}))",
    re.IGNORECASE,
)
_TRAILING = ".,:;!?'\u2019\u201d*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class RenderedMarkdown:
    """Safe HTML, the handles in it that lead somewhere, and its links to the web, in order."""

    html: str
    mentions: tuple[str, ...]
    links: tuple[str, ...]


@dataclass
class _Findings:
    """What the rules below gather while one source is parsed."""

    address: Address
    addresses: dict[str, str | None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)

    def address_of(self, handle: str) -> str | None:
        """Ask once per handle, and for no more than MAX_MENTIONS of them."""
        if handle not in self.addresses:
            if len(self.addresses) >= MAX_MENTIONS:
                return None
            self.addresses[handle] = self.address(handle)
        return self.addresses[handle]


def render_markdown(source: str, *, mentions: Address) -> RenderedMarkdown:
    """Return `source` as safe HTML.

    `mentions` is asked for the address of each handle outside code and links.
    """
    findings = _Findings(mentions)
    html = _PARSER.render(source[:MAX_SOURCE], {_ENVIRONMENT: findings})
    found = tuple(handle for handle, address in findings.addresses.items() if address is not None)
    return RenderedMarkdown(clean_html(html, max_length=MAX_HTML), found, tuple(findings.links))


def _decorate(state: StateCore) -> None:
    """Turn handles and bare URLs in running text into links; note every link."""
    findings = state.env[_ENVIRONMENT]
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_decorate_line(block.children, findings))


def _decorate_line(tokens: list[Token], findings: _Findings) -> Iterable[Token]:
    depth = 0
    for token in tokens:
        if token.type == "link_open":
            depth += 1
            _note_link(str(token.attrs.get("href", "")), findings)
        elif token.type == "link_close":
            depth -= 1
        if token.type == "text" and depth == 0:
            yield from _decorate_text(token, findings)
        else:
            yield token


def _note_link(href: str, findings: _Findings) -> None:
    if (url := safe_url(href)) is not None:
        findings.links.setdefault(url)


def _decorate_text(token: Token, findings: _Findings) -> Iterable[Token]:
    text, position = token.content, 0
    for match in _SPECIAL.finditer(text):
        shown, address = _link_for(match, findings)
        if address is None:
            continue
        if match.start() > position:
            yield _text(text[position : match.start()], token.level)
        yield from _link(shown, address, token.level)
        position = match.start() + len(shown)
    if position == 0:
        yield token
    elif position < len(text):
        yield _text(text[position:], token.level)


def _link_for(match: re.Match[str], findings: _Findings) -> tuple[str, str | None]:
    """Return what to show as a link, and where it leads (None: it stays text)."""
    if (handle := match["mention"]) is not None:
        return handle, findings.address_of(handle)
    shown = _without_trailing(match["url"])
    url = safe_url(shown)
    if url is None or not urlsplit(url).hostname:
        return shown, None
    findings.links.setdefault(url)
    return shown, url


def _without_trailing(url: str) -> str:
    """Return `url` without the punctuation of the sentence it stands in."""
    while url:
        last = url[-1]
        is_unopened = last in _BRACKETS and url.count(last) > url.count(_BRACKETS[last])
        if last not in _TRAILING and not is_unopened:
            return url
        url = url[:-1]
    return url


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _link(shown: str, address: str, level: int) -> Iterable[Token]:
    yield Token("link_open", "a", 1, attrs={"href": address}, level=level)
    yield _text(shown, level + 1)
    yield Token("link_close", "a", -1, level=level)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    parser.enable(["table", "strikethrough"])
    # Before escapes are joined to the text: "\@name" is text.
    parser.core.ruler.before("text_join", "mentions_and_links", _decorate)
    return parser


_PARSER = _make_parser()
