"""The page /zoeken."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import unit_of_work
from app.core.visibility import Visibility
from app.search.documents import Kind, SearchDocument
from app.search.index import put_document
from app.search.queries import PAGE_SIZE


@pytest.fixture
def documents(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        for number in range(PAGE_SIZE + 1):
            put_document(SearchDocument(Kind.POST, f"p{number}", "Toetsing <b>vet</b>", "", "/x"))
        put_document(SearchDocument(Kind.TOPIC, "t", "Toetsing", "Over toetsen & meer", "/y"))
        put_document(
            SearchDocument(
                Kind.POST,
                "m",
                "Geheim",
                "besloten",
                "/z",
                visibility=Visibility.MEMBERS,
                community_id=1,
            )
        )


@pytest.mark.usefixtures("documents")
def test_results_are_escaped_and_marked(client: FlaskClient):
    page = client.get("/zoeken?q=toetsing").text

    assert "<mark>Toetsing</mark> &lt;b&gt;vet&lt;/b&gt;" in page
    assert "<b>vet" not in page


@pytest.mark.usefixtures("documents")
def test_each_kind_has_its_count(client: FlaskClient):
    page = client.get("/zoeken?q=toetsing").text

    assert f'Alles <span class="num">{PAGE_SIZE + 2}</span>' in page
    assert f'Gesprekken <span class="num">{PAGE_SIZE + 1}</span>' in page
    assert 'Onderwerpen <span class="num">1</span>' in page


@pytest.mark.usefixtures("documents")
def test_one_kind_and_the_next_page_can_be_asked_for(client: FlaskClient):
    topics = client.get("/zoeken?q=toetsing&soort=topic").text
    second = client.get("/zoeken?q=toetsing&soort=post&pagina=2").text

    assert 'href="/y"' in topics
    assert 'href="/x"' not in topics
    assert second.count('href="/x"') == 1


@pytest.mark.usefixtures("documents")
def test_what_is_for_members_is_not_found_by_others(client: FlaskClient):
    page = client.get("/zoeken?q=besloten").text

    assert "Geheim" not in page
    assert "Niets gevonden" in page


def test_nothing_found_gives_tips_and_offers_to_ask(client: FlaskClient):
    page = client.get("/zoeken?q=kabouterdans").text

    assert "Gebruik minder woorden" in page
    assert "title=kabouterdans" in page


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%22%22%22",
        "q=*",
        "q=de+het+een",
        "q=%F0%9F%A6%8A",
        "q=%ff%fe",
        "q=" + "a" * 10_240,
        "q=" + "woord+" * 1_700,
        "q=a+OR+NOT+(",
        "q=toetsing&pagina=0",
        "q=toetsing&pagina=-1",
        "q=toetsing&pagina=99999999999999999999",
        "q=toetsing&pagina=%C2%B2",
        "q=toetsing&soort=%27",
        "soort=post",
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_hostile_questions_get_a_page(client: FlaskClient, query: str, language: str):
    response = client.get(f"/zoeken?{query}", headers={"Accept-Language": language})

    assert response.status_code == 200
    assert "<h1>" in response.text
    assert len(response.data) < 60_000
