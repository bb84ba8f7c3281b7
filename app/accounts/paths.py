"""Where somebody may be sent back to: a path of this site, never another one (C007, A159)."""

import re
from typing import Final
from urllib.parse import urlsplit

from app.core.addresses import local_path

MAX_LENGTH: Final = 2000
# What browsers drop or read as a slash would turn a path into another host.
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\\]")


def safe_path(text: str | None) -> str | None:
    """Return `text` when it is a path with optional query on this site, else None.

    An absolute address of our own is taken as its path.
    """
    if not text or len(text) > MAX_LENGTH or _UNSAFE.search(text):
        return None
    path = text if text.startswith("/") else local_path(text)
    if path is None or not path.startswith("/") or path.startswith("//"):
        return None
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or ".." in parts.path.split("/"):
        return None
    return path
