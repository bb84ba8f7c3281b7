"""Which browser and system somebody signed in with, as far as a person must recognise it. Pure."""

from dataclasses import dataclass
from typing import Final

# The first word that is found names it: browsers also carry the names of those they resemble.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),  # codespell:ignore cros
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """What is kept of a browser's description of itself; empty words mean not recognised."""

    browser: str = ""
    system: str = ""


def _first(words: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in words if mark in text), "")


def recognize_device(user_agent: str) -> Device:
    """Return the names in a User-Agent header (RFC 9110 section 10.1.5), without versions."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
