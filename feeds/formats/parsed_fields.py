"""Typed access to feedparser's dictionaries, which may hold anything.

feedparser answers `updated` with `published` when the former is absent (and warns), so values are
read as plain dictionary items.
"""

from collections.abc import Mapping
from typing import Any

Parsed = Mapping[str, Any]


def text_field(parsed: Parsed, name: str) -> str:
    """Give the value when it is a text, else ""."""
    value = _plain(parsed, name)
    return value if isinstance(value, str) else ""


def dict_field(parsed: Parsed, name: str) -> Parsed:
    """Give the value when it is a dictionary, else an empty one."""
    value = _plain(parsed, name)
    return value if isinstance(value, dict) else {}


def list_field(parsed: Parsed, name: str) -> list[Parsed]:
    """Give the dictionaries in a list value, else an empty list."""
    value = _plain(parsed, name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _plain(parsed: Parsed, name: str) -> object:
    return dict.get(parsed, name) if isinstance(parsed, dict) else None
