"""The pages about the site itself, in both languages."""

import re

import pytest
from flask.testing import FlaskClient

from app.about.views import SLUGS


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_page_is_there_in_both_languages(client: FlaskClient, slug: str, language: str) -> None:
    answer = client.get(f"/{slug}", headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert len(re.findall(r"<h1[ >]", answer.text)) == 1
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("slug", SLUGS)
def test_the_two_languages_differ(client: FlaskClient, slug: str) -> None:
    texts = [
        client.get(f"/{slug}", headers={"Accept-Language": language}).text.partition("<main")[2]
        for language in ("nl", "en")
    ]

    assert texts[0] != texts[1]


def test_every_page_links_to_them(client: FlaskClient) -> None:
    home = client.get("/").text

    assert all(f'href="/{slug}"' in home for slug in SLUGS)


def test_another_word_is_no_page_about_us(client: FlaskClient) -> None:
    assert client.get("/overons").status_code == 404
