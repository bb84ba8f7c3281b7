"""Dutch is the source language; English is the second. A person's choice wins."""

from collections.abc import Callable

from flask import Flask
from flask_babel import Babel, get_locale

from app.core.settings import Settings


def install_i18n(app: Flask, settings: Settings, select_locale: Callable[[], str]) -> None:
    """Let Flask-Babel translate; `select_locale` answers nl or en for the current request."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", settings.locale)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=select_locale, default_timezone="Europe/Amsterdam")
    app.jinja_env.filters["foreign"] = foreign
    app.context_processor(lambda: {"locale": str(get_locale() or settings.locale)[:2]})


def foreign(language: str | None) -> str:
    """Return the tag of a text for its lang attribute, when the page is in another language.

    "" when the page is in that language, or when nobody said which it is ("" or "und"): WCAG 3.1.2.
    """
    primary = (language or "und").partition("-")[0].lower()
    return "" if primary in {"und", str(get_locale())[:2]} else language or ""
