"""What is found, by whom, in which order."""

import pytest
from flask import Flask

from app.core.db import unit_of_work
from app.core.visibility import Visibility
from app.search.documents import Kind, SearchDocument
from app.search.index import (
    put_document,
    put_synonyms,
    remove_document,
    remove_synonyms,
    set_community_visibility,
)
from app.search.queries import PAGE_SIZE, Results, search
from app.search.readers import ANONYMOUS, Reader

pytestmark = pytest.mark.usefixtures("ctx")


def put(key: str, title: str, text: str = "", **more: object) -> None:
    with unit_of_work():
        put_document(
            SearchDocument(
                kind=more.pop("kind", Kind.POST),
                key=key,
                title=title,
                text=text,
                url=f"/{key}",
                **more,
            )
        )


def keys(results: Results) -> list[str]:
    return [item.key for item in results.items]


def find(question: str, reader: Reader = ANONYMOUS) -> list[str]:
    return keys(search(question, reader))


def test_another_form_of_the_word_finds_it():
    put("a", "Begeleiding van studenten")
    put("b", "Beleid van de school")

    assert find("begeleiden") == ["a"]


def test_a_part_of_a_compound_finds_it_after_the_word_itself():
    put("compound", "De lerarenopleider aan het woord")
    put("word", "Tekst", "Hier werkt een opleider, tussen veel andere woorden die niets zeggen.")

    assert find("opleiders") == ["word", "compound"]


def test_a_title_counts_more_than_a_text():
    put("text", "Iets anders", "toetsing")
    put("title", "Toetsing", "iets anders")

    assert find("toetsing") == ["title", "text"]


def test_all_words_must_occur():
    put("both", "Toetsing in het mbo")
    put("one", "Toetsing in het hbo")

    assert find("toetsing mbo") == ["both"]


def test_some_of_the_words_are_better_than_nothing():
    put("one", "Toetsing in het hbo")

    results = search("toetsing kabouters", ANONYMOUS)

    assert keys(results) == ["one"]
    assert results.is_partial


def test_synonyms_find_each_other_and_are_told():
    put("full", "Leerwegonafhankelijk toetsen")
    with unit_of_work():
        put_synonyms(
            "x", ["Leerwegonafhankelijk toetsen", "LOT"], hidden=["leerwegafhankelijk toetsen"]
        )

    results = search("lot", ANONYMOUS)

    assert keys(results) == ["full"]
    assert results.also_searched == ("Leerwegonafhankelijk toetsen",)
    assert find("leerwegafhankelijk toetsen") == ["full"]


def test_a_misprint_is_never_shown_as_a_synonym():
    put("full", "Werkplekleren")
    with unit_of_work():
        put_synonyms("x", ["werkplekleren"], hidden=["werkpletleren"])

    results = search("werkplekleren", ANONYMOUS)

    assert results.also_searched == ()


def test_forgotten_synonyms_find_nothing():
    put("full", "Leerwegonafhankelijk toetsen")
    with unit_of_work():
        put_synonyms("x", ["Leerwegonafhankelijk toetsen", "LOT"])

    with unit_of_work():
        remove_synonyms("x")

    assert find("lot") == []


def test_keywords_find_and_are_not_shown():
    put("a", "Titel", "tekst", keywords="verstopt")

    results = search("verstopt", ANONYMOUS)

    assert keys(results) == ["a"]
    assert "verstopt" not in str(results.items[0])


def test_a_second_put_replaces_the_first():
    put("a", "Toetsing")

    put("a", "Blended learning")

    assert find("toetsing") == []
    assert find("blended") == ["a"]


def test_what_is_removed_is_gone():
    put("a", "Toetsing")

    with unit_of_work():
        remove_document(Kind.POST, "a")
        remove_document(Kind.POST, "never there")

    assert find("toetsing") == []


def test_only_members_find_what_is_for_members():
    put("open", "Toetsing open")
    put("closed", "Toetsing besloten", visibility=Visibility.MEMBERS, community_id=7)
    put("here", "Toetsing hier", visibility=Visibility.LOCAL, community_id=8)

    assert set(find("toetsing")) == {"open"}
    assert set(find("toetsing", Reader(is_local=True))) == {"open", "here"}
    assert set(find("toetsing", Reader(community_ids=frozenset([7, 9])))) == {"open", "closed"}
    assert search("toetsing", ANONYMOUS).counts == {Kind.POST: 1}


def test_a_community_that_closes_takes_its_documents_along():
    put("a", "Toetsing", community_id=7)

    with unit_of_work():
        set_community_visibility(7, Visibility.MEMBERS)

    assert find("toetsing") == []
    assert find("toetsing", Reader(community_ids=frozenset([7]))) == ["a"]


def test_counts_are_of_all_kinds_and_items_of_the_wanted_one():
    put("post", "Toetsing")
    put("topic", "Toetsing", kind=Kind.TOPIC)

    results = search("toetsing", ANONYMOUS, kinds=[Kind.TOPIC])

    assert keys(results) == ["topic"]
    assert results.counts == {Kind.POST: 1, Kind.TOPIC: 1}
    assert results.total == 2


def test_pages_follow_each_other_without_repeats():
    for number in range(PAGE_SIZE + 3):
        put(f"k{number}", "Toetsing")

    first, second = (search("toetsing", ANONYMOUS, page=page) for page in (1, 2))

    assert first.has_more
    assert not second.has_more
    assert len({*keys(first), *keys(second)}) == PAGE_SIZE + 3


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        '"',
        '"" OR *',
        "NEAR(a b)",
        "title_tokens: x",
        "a AND OR NOT",
        "-toetsing",
        "toetsing*",
        "^toetsing",
        "{toetsing}",
        "' OR 1=1; --",
        "a & b | !c <-> d:*",
        "\\",
        "%",
        "_____",
        "\x00toetsing\x00",
        "de het een en",
        "🦊",
        "İstanbul ß ﬁ",
        "\ud7ff",
        "a" * 10_000,
        "woord " * 2_000,
        "\u202etoetsing",
    ],
)
def test_any_text_is_a_question(question: str):
    put("a", "Toetsing")

    results = search(question, ANONYMOUS)

    assert results.total <= 1


def test_a_long_question_says_that_it_was_cut():
    put("a", "Toetsing")

    assert search("toetsing " + " ".join(f"woord{n}" for n in range(40)), ANONYMOUS).is_cut
    assert not search("toetsing", ANONYMOUS).is_cut


def test_nul_does_not_reach_the_database():
    put("a", "Toet\x00sing", "tekst\x00", keywords="x\x00y", detail="d\x00")

    assert find("tekst") == ["a"]


def test_the_shown_parts_are_plain_text(app: Flask):
    put("a", "<script>alert(1)</script> toetsing", "<img src=x onerror=alert(1)> toetsing")

    (item,) = search("toetsing", ANONYMOUS).items

    assert item.title[0].text == "<script>alert(1)</script> "
    assert item.snippet[-1].text == "toetsing"
