"""Refuse or shorten what would keep feedparser busy for minutes, before it sees it.

It compares every category of an item with all others, and looks for an e-mail address at every
letter of an author; both are harmless in real feeds and quadratic in hostile ones.
"""

import re

from feeds.formats import limits
from feeds.formats.errors import NotAFeedError, NotAFeedReason

_SKIPPED = r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)"
_COUNTED = re.compile(
    rf"{_SKIPPED}|<(?:[\w.-]+:)?(?:(?P<item>item|entry)|(?P<category>category|subject))\b|<",
    re.IGNORECASE | re.DOTALL,
)
_START = r"<(?:[\w.-]+:)?(?:{names})(?:\s[^<>]*)?>(?:\s*<!\[CDATA\[)?"
_NAMES = _START.format(names="author|creator|managingeditor|webmaster|publisher")
_KEYWORDS = _START.format(names="keywords|tags")
_LONG_NAME = re.compile(rf"({_NAMES}[^<]{{{limits.NAME_TEXT}}})[^<]*?(?=<|\]\]>|\Z)", re.IGNORECASE)
_LONG_KEYWORDS = re.compile(
    rf"({_KEYWORDS}[^<]{{{limits.KEYWORD_TEXT}}})[^<]*?(?=<|\]\]>|\Z)", re.IGNORECASE
)


def _refuse(what: str) -> NotAFeedError:
    return NotAFeedError(NotAFeedReason.UNREADABLE, f"This feed has more than {what}")


def check_budget(text: str) -> None:
    """Raise `NotAFeedError` when the document has more tags than any real feed of 8 MB."""
    categories = 0
    for tags, match in enumerate(_COUNTED.finditer(text)):
        if match["item"]:
            categories = 0
        elif match["category"]:
            categories += 1
        if categories > limits.CATEGORY_TAGS:
            raise _refuse(f"{limits.CATEGORY_TAGS} categories in one item")
        if tags > limits.TAGS:
            raise _refuse(f"{limits.TAGS} tags")


def shorten_names(text: str) -> str:
    """Cut authors and keyword lists that are longer than anybody would read."""
    return _LONG_KEYWORDS.sub(r"\1", _LONG_NAME.sub(r"\1", text))
