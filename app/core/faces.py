"""A face without a picture: initials on a tint, made from a name alone.

No image is requested, so no address of a reader leaks, and the same name has the same look on every
page and every server.
"""

import zlib
from typing import Final

from flask import Flask

TINTS: Final = 6

_PARTICLES: Final = frozenset(
    ["van", "de", "der", "den", "het", "ten", "ter", "te", "von", "la", "le", "el", "al", "of"]
)


def initials(name: str) -> str:
    """Return one or two capitals for `name`: first word and last word, particles left out.

    'Anna de Vries' gives AV, 'toetsing' gives T; a name without letters or digits gives '?'.
    """
    words = [word for word in name.replace("-", " ").replace("_", " ").split() if _first(word)]
    significant = [word for word in words if word.casefold() not in _PARTICLES] or words
    if not significant:
        return "?"
    ends = significant[:1] + significant[1:][-1:]
    return "".join(_first(word) for word in ends).upper()


def tint(name: str) -> int:
    """Return the number of the tint (0 up to and including 5) that belongs to `name`."""
    return zlib.crc32(name.strip().casefold().encode()) % TINTS


def register_faces(app: Flask) -> None:
    """Give the templates of `app` the filters `initials` and `tint`."""
    app.jinja_env.filters["initials"] = initials
    app.jinja_env.filters["tint"] = tint


def _first(word: str) -> str:
    """Return the first letter or digit of `word`, or an empty string."""
    return next((character for character in word if character.isalnum()), "")
