"""What was meant by words that occur nowhere."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import unit_of_work
from app.core.visibility import Visibility
from app.search.documents import Kind, SearchDocument
from app.search.index import put_document


def document(key: str, title: str, text: str = "") -> SearchDocument:
    return SearchDocument(Kind.POST, key, title, text, f"/post/{key}")


@pytest.fixture
def documents(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        put_document(document("1", "Curriculum ontwerpen", "Hoe begeleiden jullie studenten?"))
        put_document(document("2", "Leeruitkomsten in jaar 1", "Over kalibreren met rubrics."))
        secret = document("3", "Geheimschrift")
        put_document(replace(secret, visibility=Visibility.MEMBERS, community_id=1))


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("curiculum", "curriculum"),
        ("begleiden", "begeleiden"),
        ("leeruitkomtsen", "leeruitkomsten"),
        ("curiculum ontwerpen", "curriculum ontwerpen"),
        ("curiculum-ontwerpen?", "curriculum-ontwerpen?"),
    ],
)
def test_a_misspelt_word_gets_the_nearest_word_that_occurs(
    client: FlaskClient, typed: str, meant: str
) -> None:
    page = client.get("/zoeken", query_string={"q": typed}).text

    assert f"Bedoelde je “{meant}”?" in page
    assert "<mark>" in client.get("/zoeken", query_string={"q": meant}).text


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize("typed", ["curriculum", "xyzzyq", "kat", "%_%_%_", "' OR 1=1"])
def test_nothing_is_suggested_when_it_is_right_or_nothing_is_near(
    client: FlaskClient, typed: str
) -> None:
    page = client.get("/zoeken", query_string={"q": typed}).text

    assert "Bedoelde je" not in page


@pytest.mark.usefixtures("documents")
def test_no_word_is_suggested_of_what_this_reader_may_not_read(client: FlaskClient) -> None:
    page = client.get("/zoeken?q=geheimschrif").text

    assert "geheimschrift" not in page.lower()
