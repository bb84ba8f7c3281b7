"""The forms of the directory."""

import re
from typing import Final
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional, ValidationError

MAX_NAME_LENGTH: Final = 300
MAX_TEXT_LENGTH: Final = 1500
MAX_URL_LENGTH: Final = 2000
_UNSAFE: Final = re.compile(r"[\s\x00-\x1f<>\"'\\]")


def _strip(value: str | None) -> str:
    return (value or "").replace("\x00", "").strip()


def is_web_address(_form: FlaskForm, field: Field) -> None:
    """Accept an http(s) address with a host, as typed; nothing is fetched."""
    url = field.data or ""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    except ValueError:
        is_good = False
    if not is_good or _UNSAFE.search(url) or len(url) > MAX_URL_LENGTH:
        raise ValidationError(_("Dit is geen webadres. Het begint met https://."))


def _address(label: str) -> URLField:
    return URLField(label, filters=[_strip], validators=[Optional(), is_web_address])


def _text(label: str) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[_strip],
        validators=[
            Length(
                max=MAX_TEXT_LENGTH,
                message=lazy_gettext("Houd het onder de %(max)d tekens."),
            )
        ],
    )


def _line(label: str, *, is_needed: bool = False) -> StringField:
    length = Length(max=MAX_NAME_LENGTH, message=lazy_gettext("Houd het onder de %(max)d tekens."))
    needed = [DataRequired(lazy_gettext("Vul dit in."))] if is_needed else []
    return StringField(label, filters=[_strip], validators=[*needed, length])


class ListingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Everything an editor may change about a listing."""

    name_nl = _line(lazy_gettext("Naam"), is_needed=True)
    name_en = _line(lazy_gettext("Naam in het Engels"))
    description_nl = _text(lazy_gettext("Wat het is en doet"))
    description_en = _text(lazy_gettext("Wat het is en doet, in het Engels"))
    joining_nl = _text(lazy_gettext("Hoe sluit je aan"))
    joining_en = _text(lazy_gettext("Hoe sluit je aan, in het Engels"))
    institution = _line(lazy_gettext("Organisatie"))
    website = _address(lazy_gettext("Website"))
    join = _address(lazy_gettext("Pagina om aan te sluiten"))
    newsletter = _address(lazy_gettext("Pagina van de nieuwsbrief"))
    linkedin = _address(lazy_gettext("LinkedIn"))
    topics = SelectMultipleField(lazy_gettext("Onderwerpen"))
    slug = _line(lazy_gettext("Laatste deel van het adres"), is_needed=True)
    is_confirmed = BooleanField(lazy_gettext("De eigenaar heeft dit bevestigd"))


class FeedListForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A list of feeds that somebody brings along."""

    file = FileField(
        lazy_gettext("OPML-bestand"),
        validators=[FileRequired(lazy_gettext("Kies een bestand."))],
    )


class FeedOwnerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Whose news a feed is."""

    listing = SelectField(
        lazy_gettext("Van wie is dit nieuws?"),
        validators=[DataRequired(lazy_gettext("Kies een vermelding."))],
    )


class FeedForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The address of a news feed."""

    url = URLField(
        lazy_gettext("Adres van de feed"),
        filters=[_strip],
        validators=[DataRequired(lazy_gettext("Vul dit in.")), is_web_address],
    )
