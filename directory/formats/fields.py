"""Reading one mapping of a directory file: each field with its type, faults named. Pure."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from directory.formats.document import DirectoryFileError

MAX_TEXT_LENGTH: Final = 20_000
MAX_LIST_LENGTH: Final = 500
MAX_SLUG_LENGTH: Final = 120
LANGUAGES: Final = ("nl", "en")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'\\/]+[^\s<>\"\\]*", re.IGNORECASE)


@dataclass(frozen=True)
class Fields:
    """A mapping of the file and the name by which a fault in it is reported."""

    where: str
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a text; "" when it is null or absent. A date or number is not a text."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise DirectoryFileError(self.where, f"{name} must be a text, not {_type(value)}")
        if len(value) > MAX_TEXT_LENGTH:
            raise DirectoryFileError(self.where, f"{name} is longer than {MAX_TEXT_LENGTH} signs")
        return value.replace("\x00", "").strip()

    def needed(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.text(name)
        if not value:
            raise DirectoryFileError(self.where, f"{name} is missing")
        return value

    def slug(self, name: str) -> str:
        """Return an address part: small letters, digits and single hyphens, at most 120."""
        value = self.needed(name)
        if not _SLUG.fullmatch(value) or len(value) > MAX_SLUG_LENGTH:
            raise DirectoryFileError(
                self.where, f"{name} {value[:60]!r} may hold only a-z, 0-9 and single hyphens"
            )
        return value

    def texts(self, name: str) -> dict[str, str]:
        """Return a text by language: `name` in Dutch, `name_en` in English."""
        texts = {"nl": self.text(name), "en": self.text(f"{name}_en")}
        return {language: value for language, value in texts.items() if value}

    def address(self, name: str) -> str | None:
        """Return an http(s) address exactly as it stands, or None."""
        value = self.text(name)
        if value and not _ADDRESS.fullmatch(value):
            raise DirectoryFileError(self.where, f"{name} {value[:80]!r} is no http(s) address")
        return value or None

    def date(self, name: str) -> str | None:
        """Return a date as text (YYYY, YYYY-MM or YYYY-MM-DD), or None."""
        value = self.values.get(name)
        if isinstance(value, dt.date):
            return value.isoformat()
        return str(value) if isinstance(value, int) else self.text(name)[:20] or None

    def list_of_texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; empty ones are left out."""
        items = (Fields(self.where, {name: item}).text(name) for item in self.list_of(name))
        return tuple(item for item in items if item)

    def list_of(self, name: str) -> list[Any]:
        """Return a list; empty when it is null or absent."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > MAX_LIST_LENGTH:
            raise DirectoryFileError(self.where, f"{name} must be a list of at most 500")
        return value


def fields_of(where: str, value: object) -> Fields:
    """Return `value` as the fields of `where`; it must be a mapping with texts as keys."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise DirectoryFileError(where, f"must be a mapping, not {_type(value)}")
    return Fields(where, value)


def _type(value: object) -> str:
    names = {list: "a list", dict: "a mapping", bool: "yes or no", int: "a number"}
    return names.get(type(value), f"a {type(value).__name__}")
