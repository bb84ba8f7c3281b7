"""The Dutch words of Flask-Security."""

import re
from pathlib import Path

import flask_security
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


def messages() -> dict[str, str]:
    with (CATALOGUE / "nl" / "LC_MESSAGES" / "flask_security.po").open("rb") as source:
        return {str(m.id): str(m.string) for m in read_po(source) if m.id and not m.fuzzy}


def test_every_message_of_the_pages_in_use_is_dutch(app: Flask) -> None:
    ours = messages()
    said = [value[0] for key, value in app.config.items() if key.startswith("SECURITY_MSG_")]
    said += [label for key, label in _default_field_labels.items() if key != "passcode"]

    missing = sorted({text for text in said if text not in ours and not SWITCHED_OFF.search(text)})

    assert missing == []


def test_placeholders_are_those_of_the_source() -> None:
    for source, dutch in messages().items():
        assert dutch, source
        assert set(PLACEHOLDER.findall(dutch)) <= set(PLACEHOLDER.findall(source)), source


def test_every_source_sentence_is_one_of_the_library_or_ours() -> None:
    folder = Path(flask_security.__file__).parent
    with (folder / "translations" / "flask_security.pot").open("rb") as source:
        known = {str(message.id) for message in read_po(source)}

    own = {text for text in messages() if text not in known}

    assert own == {
        "Thank you. An administrator will confirm your email address. After that you can log in."
    }
