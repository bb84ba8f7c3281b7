"""Between plain text and HTML: titles come out as text, bare text becomes paragraphs.

Nothing here makes HTML safe; it only decides what a person should read.
"""

import html
import re

# Never legal in XML or useful to a reader: C0 and C1 controls but tab and line ends, surrogates.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Characters that reorder or hide text: bidirectional overrides and isolates, zero width space, BOM.
_DISGUISES = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE = (
    r"(?:a|abbr|acronym|b|big|cite|code|del|div|em|font|h[1-6]|i|ins|li|ol|p|q|s|small|span|strike"
    r"|strong|sub|sup|table|tbody|td|tr|tt|u|ul|blockquote|pre|dl|dd|dt)"
)
_TAG = re.compile(rf"</?(?:{_INLINE}|br|hr|img|wbr)(?:[\s/][^<>]*)?>", re.IGNORECASE)
_PAIR = re.compile(rf"</{_INLINE}\s*>|<(?:br|hr)\s*/?>|<img\s[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<!--(?:.*?-->|.*)|<[/!?]?[A-Za-z][^<>]*>", re.DOTALL)
_UNSHOWN = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"</(?:p|div|li|h[1-6]|tr|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)


def drop_controls(text: str) -> str:
    """Drop the characters that XML, databases or terminals choke on."""
    return _CONTROLS.sub("", text)


def unescape_references(text: str) -> str:
    """Replace complete character references only, so `?a=1&copy=2` stays what it is."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


def looks_like_html(text: str) -> bool:
    """Whether text that claims to be plain holds formatting all the same."""
    return _PAIR.search(text) is not None


def one_line(text: str, limit: int) -> str | None:
    """Plain text on one line without disguises, cut at `limit` characters; None when empty."""
    words = " ".join(_DISGUISES.sub("", drop_controls(text)).split())
    if len(words) > limit:
        words = words[: limit - 1].rstrip() + "…"
    return words or None


def title_text(value: str, limit: int, *, is_html: bool = False) -> str | None:
    """Give a title, name or label as plain text.

    Feeds escape titles never, once or twice, whatever the format prescribes: formatting tags go,
    references are resolved twice, and anything else (`2 < 3`, `<svg/onload=...>`) is text.
    """
    text = value[: limit * 8]
    for round_is_html in (is_html, False):
        if round_is_html or looks_like_html(text):
            text = _TAG.sub("", _BREAK.sub(" ", text))
        text = unescape_references(text)
    if looks_like_html(text):
        text = _TAG.sub("", text)
    return one_line(text, limit)


def text_of_html(value: str) -> str:
    """Give what a reader sees of HTML, on one line; for summaries and labels, never for safety."""
    text = _BREAK.sub(" ", _UNSHOWN.sub(" ", value))
    text = unescape_references(_ANY_TAG.sub("", text))
    return " ".join(_DISGUISES.sub("", drop_controls(text)).split())


def html_of_text(value: str) -> str:
    """Plain text as HTML: blank lines part paragraphs, line ends are kept."""
    text = drop_controls(value).strip().replace("\r\n", "\n")
    paragraphs = re.split(r"\n[ \t]*\n\s*", text)
    shown = (html.escape(part, quote=False).replace("\n", "<br>") for part in paragraphs if part)
    return "".join(f"<p>{part}</p>" for part in shown)


def cut_html(value: str, limit: int) -> str:
    """HTML cut at `limit` characters, never in the middle of a tag."""
    if len(value) <= limit:
        return value
    kept = value[:limit]
    return kept[: kept.rfind("<")] if kept.rfind("<") > kept.rfind(">") else kept
