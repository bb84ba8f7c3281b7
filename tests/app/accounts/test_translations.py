"""The words of Flask-Security, in Dutch and in the English of our own pages."""

import re
from pathlib import Path

import flask_security
import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_security.forms import _default_field_labels

from app.accounts.security import CATALOGUE

PLACEHOLDER = re.compile(r"%\(\w+\)\w")
SWITCHED_OFF = re.compile(
    r"(?i)two-factor|2fa|passkey|webauthn|recovery|unified|username|oauth|code|sms|phone|method|"
    r"login token|login link|logged in|login within|instructions to login|failed to contact|token|"
    r"setup must|using email|using an auth|current user|user handle|change method|sign in options|"
    r"specify a valid|marked|currently do not|delete|value entered must"
)


LANGUAGES = ["nl", "en"]


def messages(language: str) -> dict[str, str]:
    with (CATALOGUE / language / "LC_MESSAGES" / "flask_security.po").open("rb") as source:
        return {str(m.id): str(m.string) for m in read_po(source) if m.id and not m.fuzzy}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_pages_in_use_is_in_our_words(app: Flask, language: str) -> None:
    ours = messages(language)
    said = [value[0] for key, value in app.config.items() if key.startswith("SECURITY_MSG_")]
    said += [label for key, label in _default_field_labels.items() if key != "passcode"]

    missing = sorted({text for text in said if text not in ours and not SWITCHED_OFF.search(text)})

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_source(language: str) -> None:
    for source, ours in messages(language).items():
        assert ours, source
        assert set(PLACEHOLDER.findall(ours)) <= set(PLACEHOLDER.findall(source)), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_sentence_is_one_of_the_library_or_ours(language: str) -> None:
    folder = Path(flask_security.__file__).parent
    with (folder / "translations" / "flask_security.pot").open("rb") as source:
        known = {str(message.id) for message in read_po(source)}

    own = {text for text in messages(language) if text not in known}

    assert own == {
        "Thank you. An administrator will confirm your email address. After that you can log in."
    }


def test_a_reader_of_english_gets_the_words_of_the_other_pages(app: Flask) -> None:
    page = app.test_client().get("/registreren", headers={"Accept-Language": "en"}).text

    assert "Password once more" in page
    assert "Email Address" not in page
