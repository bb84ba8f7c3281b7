"""Plain text for people: titles, names and summaries without tricks (security.md A081, B013, B030).

What comes out is text, not HTML: templates escape it. Pure.
"""

import re
import unicodedata
from html import unescape

# C0 and C1 controls, lone surrogates, non-characters, and the code points that draw nothing.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_SPACES = re.compile(r"\s+")
# What is never closed lasts until the end: else each of many openings would be read to the end.
_NOT_FOR_PEOPLE = re.compile(
    r"<(script|style)\b[^<>]*+>.*?(?:</\1\s*+>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<!--(?:.*?-->|.*)|</?[a-zA-Z!?][^<>]*+>", re.DOTALL)
# Combining marks beyond this many on one letter only serve to paint over the lines around it.
_MAX_MARKS = 4
_PILED_MARKS = re.compile(
    f"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
    f"{{{_MAX_MARKS}}})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_ROUNDS = 3


def strip_invisible(text: str) -> str:
    """Remove controls, bidi overrides, zero-width and tag characters; keep tab and line ends.

    Joiners stay where writing needs them: inside an emoji, and between letters without case
    (Persian, Hindi).
    """
    text = _UNWANTED.sub("", text)
    return _JOINERS.sub(_keep_needed, text)


def clean_plain_text(text: str, *, max_length: int) -> str:
    """Return one line of at most `max_length` characters; `<` and `&` are ordinary characters.

    For what people type and for fields that are plain text by definition.
    """
    if len(text) > 4 * max_length:
        text = text[: 4 * max_length]
    text = unicodedata.normalize("NFC", strip_invisible(text))
    text = _SPACES.sub(" ", _PILED_MARKS.sub(r"\1", text)).strip()
    return _cut(text, max_length)


def clean_text(text: str, *, max_length: int) -> str:
    """Return one line of at most `max_length` characters, with tags removed and entities read.

    For titles and names from elsewhere, which are HTML as often as not. A `<` that opens no tag
    ("a < b", "<3") stays.
    """
    text = text[: 16 * max_length]
    for _ in range(_ROUNDS):
        bare = unescape(_remove_tags(text))
        if bare == text:
            break
        text = bare
    return clean_plain_text(_remove_tags(text), max_length=max_length)


def _remove_tags(text: str) -> str:
    return _TAG.sub("", _remove_scripts(text)) if "<" in text else text


def _remove_scripts(text: str) -> str:
    return _NOT_FOR_PEOPLE.sub("", text) if "</" in text else text


def _keep_needed(match: re.Match[str]) -> str:
    text, index = match.string, match.start()
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    if not before or not after:
        return ""
    kinds = {unicodedata.category(before), unicodedata.category(after)}
    if kinds <= {"Lo", "Mn", "Mc"}:
        return match[0]
    is_emoji = kinds <= {"So", "Sk", "Mn"} and unicodedata.category(after) == "So"
    return match[0] if is_emoji and match[0] == "\u200d" else ""


def _cut(text: str, max_length: int) -> str:
    """Shorten to `max_length`, at a space when one is near, with an ellipsis."""
    if len(text) <= max_length:
        return text
    head = text[: max(max_length - 1, 0)]
    space = head.rfind(" ")
    if space > len(head) * 2 // 3:
        head = head[:space]
    return head.rstrip() + "…" if max_length else ""
