"""Sanitises HTML, foreign and our own: the one allow-list (security.md A5, B3, G035).

Three steps: a linear lexer bounds the nesting (`app.core.html_lexer`), its tokens are put into our
own few elements (images become links, so that no reader's address leaks; headings start at `h3`,
under those of the page), and nh3, a browser's parser with an allow-list, has the last word.
The result can be stored and shown as it is. Cleaning it once more changes nothing.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

import nh3

from app.core.html_lexer import End, Start, Text, Token, lex
from app.core.plain_text import clean_plain_text, clean_text, strip_invisible

__all__ = [
    "ALLOWED_TAGS",
    "clean_html",
    "clean_plain_text",
    "clean_text",
    "excerpt",
    "html_to_text",
    "safe_url",
]

INLINE_TAGS = frozenset({"a", "span", "del", "s", "code", "b", "strong", "u", "i", "em"}) | {
    "sub",
    "sup",
}
LIST_TAGS = frozenset({"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"})
BLOCK_TAGS = frozenset({"p", "br", "pre", "blockquote", "hr", "figure", "figcaption"}) | {
    "details",
    "summary",
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
HIGHEST_HEADING = 3
ALLOWED_TAGS = INLINE_TAGS | LIST_TAGS | BLOCK_TAGS | frozenset(HEADINGS)
ALLOWED_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "td": {"colspan"}, "th": {"colspan"}}
LINK_REL = "nofollow noopener noreferrer ugc"
MAX_URL_LENGTH = 2048
LONGEST_ENTITY = len("&quot;")

# Elements that say what one of ours says.
_SAME_AS = {
    "strike": "s",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
    "cite": "em",
    "dfn": "em",
    "var": "em",
    "ins": "u",
    "tfoot": "tbody",
}
# Containers: without them their texts would run together.
_CONTAINERS = frozenset(
    {"div", "section", "article", "header", "footer", "main", "aside", "nav", "center"}
    | {"address", "dt", "dd", "fieldset", "form", "legend", "caption", "body"}
)
_BREAKS = BLOCK_TAGS | LIST_TAGS | _CONTAINERS | frozenset(HEADINGS)
_NUMBER = re.compile(r"[0-9]{1,4}")
_EMPTY = "<p></p>"
_ROUNDS = 6
MAX_REFERENCES = 100_000

_UNSAFE_IN_URL = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
_WEB_URL = re.compile(r"(https?)://([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"(?:[^\s\[\]@:<>\"'`{}|^%]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?")
_MAILTO = re.compile(r"mailto:[^\s<>\"'`\\@]+@[^\s<>\"'`\\@]+", re.IGNORECASE)
_KEPT_IN_URL = "/?#[]@!$&()*+,;=%-._~:'"


def safe_url(url: str) -> str | None:
    """Return an http or https URL that can stand in any attribute, or None for all others.

    Refused: other schemes however written, user names, tabs and line ends inside, backslashes.
    Spaces around it are dropped; characters that may not stand in a URL are percent-encoded.
    """
    url = url.strip(" \t\r\n\f")
    match = _WEB_URL.fullmatch(url)
    if len(url) > MAX_URL_LENGTH or match is None or _UNSAFE_IN_URL.search(url):
        return None
    host = match[2]
    if not _HOST.fullmatch(host):
        return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return f"{match[1].lower()}://{host}{quote(match[3], safe=_KEPT_IN_URL)}"


def clean_html(html: str, *, max_length: int) -> str:
    """Return safe HTML of at most `max_length` characters; the text is cut when it is longer."""
    source = _with_few_references(strip_invisible(html[: 4 * max_length + 1000]))
    result = _sanitise(source)
    for _ in range(_ROUNDS):
        if len(result) <= max_length:
            return result
        source = _shorten(source, int(len(source) * max_length / len(result) * 0.95))
        result = _sanitise(source)
    return escape(html_to_text(result)[: max_length // LONGEST_ENTITY])


def html_to_text(html: str) -> str:
    """Return the text of any HTML: paragraphs on lines of their own, without markup."""
    pieces = strip_invisible("".join(_texts(lex(strip_invisible(html)))))
    lines = [" ".join(line.split()) for line in pieces.split("\n")]
    return "\n".join(line for line in lines if line)


def excerpt(html: str, length: int) -> str:
    """Return the beginning of the text of `html` on one line, at most `length` characters."""
    return clean_plain_text(html_to_text(html[: 40 * length + 4000]), max_length=length)


def _with_few_references(source: str) -> str:
    """Cut where it has more ampersands than any text: the parser's time is their number squared."""
    return "&".join(source.split("&", MAX_REFERENCES)[:MAX_REFERENCES])


def _texts(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if isinstance(token, Text):
            yield unescape(token.content).replace("\n", " ")
        elif token.name in _BREAKS and token.name not in {"td", "th"}:
            yield "\n"
        elif token.name in {"td", "th"}:
            yield " "
        elif isinstance(token, Start) and token.name == "img":
            yield unescape(dict(token.attributes).get("alt", ""))


def _sanitise(source: str) -> str:
    tokens = list(lex(source))
    cleaned = _CLEANER.clean("".join(_rewrite(tokens)))
    for _ in range(_ROUNDS):  # a link around a table is parsed otherwise once it was written out
        again = _CLEANER.clean(cleaned) if "<table" in cleaned else cleaned
        if again == cleaned:
            break
        cleaned = again
    # Once more: what was written as an entity (`&#8238;`) is a character only now.
    return strip_invisible(cleaned).replace(_EMPTY, "").strip()


def _rewrite(tokens: list[Token]) -> Iterator[str]:
    """Yield our own markup for the tokens."""
    levels = [
        HEADINGS.index(token.name) + 1
        for token in tokens
        if isinstance(token, Start) and token.name in HEADINGS
    ]
    shift = max(0, HIGHEST_HEADING - min(levels, default=HIGHEST_HEADING))
    links = 0
    for token in tokens:
        if isinstance(token, Text):
            yield token.content
            continue
        if token.name == "a":
            links = links + 1 if isinstance(token, Start) else max(0, links - 1)
        if token.name == "img":
            yield _image(token, inside_link=links > 0) if isinstance(token, Start) else ""
        elif (name := _our_name(token.name, shift)) in ALLOWED_TAGS:
            yield f"</{name}>" if isinstance(token, End) else _start(token, name)


def _our_name(name: str, shift: int) -> str:
    if name in HEADINGS:
        return HEADINGS[min(HEADINGS.index(name) + shift, len(HEADINGS) - 1)]
    return "p" if name in _CONTAINERS else _SAME_AS.get(name, name)


def _start(token: Start, name: str) -> str:
    allowed = ALLOWED_ATTRIBUTES.get(name, set())
    kept = {
        attribute: checked
        for attribute, value in token.attributes
        if attribute in allowed
        and (checked := _filter_attribute(name, attribute, unescape(value))) is not None
    }
    if name == "a" and not kept:
        return ""
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
    return f"<{name}{attributes}>"


def _image(token: Start, *, inside_link: bool) -> str:
    """Return a link to the picture, named by its description or its file name."""
    attributes = dict(token.attributes)
    url = safe_url(unescape(attributes.get("src", "")))
    text = clean_plain_text(unescape(attributes.get("alt", "")), max_length=1500)
    if url is None or inside_link:
        return escape(text)
    address = urlsplit(url)
    file_name = unquote(address.path.rpartition("/")[2], errors="ignore")
    text = text or clean_plain_text(file_name, max_length=200) or str(address.hostname)
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def _filter_attribute(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "rel":
        return LINK_REL
    if attribute == "href":
        if _MAILTO.fullmatch(value) and len(value) <= MAX_URL_LENGTH:
            return value
        return safe_url(value)
    return value if _NUMBER.fullmatch(value) else None


def _shorten(source: str, length: int) -> str:
    """Cut, and not in the middle of a tag or an entity."""
    cut = source[:length]
    tag = cut.rfind("<")
    if tag > cut.rfind(">"):
        cut = cut[:tag]
    entity = cut.rfind("&", len(cut) - 12)
    return cut[:entity] if entity > cut.rfind(";") else cut


_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    clean_content_tags={"script", "style"},
    attributes=ALLOWED_ATTRIBUTES,
    attribute_filter=_filter_attribute,
    strip_comments=True,
    link_rel=LINK_REL,
    generic_attribute_prefixes=set(),
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)
