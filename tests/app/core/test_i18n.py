"""In which language a page is, and what on it is in another one."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.core.i18n import foreign


@pytest.mark.parametrize(
    ("page", "text", "tag"),
    [
        ("nl", "nl", ""),
        ("nl", "nl-BE", ""),
        ("nl", "NL", ""),
        ("nl", "en", "en"),
        ("nl", "en-GB", "en-GB"),
        ("en", "nl", "nl"),
        ("en", "en-GB", ""),
        ("en", "und", ""),
        ("en", "", ""),
        ("en", None, ""),
    ],
)
def test_a_text_is_tagged_when_the_page_is_in_another_language(
    app: Flask, page: str, text: str | None, tag: str
) -> None:
    with app.test_request_context(), force_locale(page):
        assert foreign(text) == tag
