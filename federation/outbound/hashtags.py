"""The #words in what our people write, as tags by which servers elsewhere let texts be found."""

import re
from typing import Final
from urllib.parse import quote

from app.core.addresses import local_uri
from app.core.html import html_to_text
from federation.vocab.outgoing_parts import Hashtag

MOST_HASHTAGS: Final = 20
LONGEST: Final = 100  # characters
# What stands in code or in a link is part of something else.
_ASIDE: Final = re.compile(r"<(pre|code|a)\b[^>]*>.*?</\1>", re.DOTALL)
_HASHTAG: Final = re.compile(r"(?<![\w&/#.@])#(\w+)")


def list_hashtags(html: str) -> tuple[Hashtag, ...]:
    """Return the #words of our own HTML, each once, as first written; at most 20.

    A number is none (Mastodon). Each leads to what is found here with that word.
    """
    if "#" not in html:
        return ()
    found: dict[str, str] = {}
    for name in _HASHTAG.findall(html_to_text(_ASIDE.sub(" ", html))):
        if len(name) <= LONGEST and any(sign.isalpha() for sign in name):
            found.setdefault(name.casefold(), name)
    return tuple(
        Hashtag(name, local_uri(f"/zoeken?q={quote(name, safe='')}"))
        for name in list(found.values())[:MOST_HASHTAGS]
    )
