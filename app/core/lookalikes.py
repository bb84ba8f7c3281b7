"""Names that look alike although they are written differently (security.md A050). Pure.

After the skeletons of Unicode (UTS #39 section 4), for the letters that names here are written in:
Latin, and the Cyrillic and Greek letters that pass for it.
"""

import unicodedata
from typing import Final

# Each pair: what it is written with, and the Latin letters or digits that it passes for.
_PAIRS: Final = (
    ("\u0430\u0435\u043e\u0440\u0441\u0443\u0445", "aeopcyx"),
    ("\u0456\u0458\u0455\u0501\u04bb\u04cf\u051b\u051d", "ljsdhlqw"),
    ("\u0432\u043d\u043a\u043c\u0442\u0433", "bhkmtr"),
    (
        "\u03b1\u03b2\u03b5\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9",
        "aben1kvoptuxw",
    ),
    ("\u0131\u0251\u0261\u0269\u01c3|0\u0142\u00f8\u0111\u0127", "laglllolodh"),
)
_ALIKE: Final = str.maketrans(
    {one: like for a, b in _PAIRS for one, like in zip(a, b, strict=True)}
)


def look_of(name: str) -> str:
    """Return what `name` looks like: equal for names that a hasty reader takes for each other."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(one for one in plain.translate(_ALIKE) if one.isalnum())
    return letters.translate(str.maketrans("i1", "ll")).replace("rn", "m").replace("vv", "w")
