"""The piece of text that is shown with a result."""

import pytest

from app.search.snippets import SNIPPET_LENGTH, Part, make_snippet, mark_hits


def text_of(parts: tuple[Part, ...]) -> str:
    return "".join(part.text for part in parts)


def hits_of(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if part.is_hit]


@pytest.mark.parametrize(
    ("text", "stems", "hits"),
    [
        ("Wij begeleiden studenten", {"begeleid"}, ["begeleiden"]),
        ("Beleid is iets anders", {"begeleid"}, []),
        ("Onze foto's en foto", {"foto"}, ["foto's", "foto"]),
        ("Een coöperatie", {"cooperatie"}, ["coöperatie"]),
        ("Lerarenopleiders zoeken", {"lerarenopleider"}, ["Lerarenopleiders"]),
        ("<b>toetsing</b>", {"toetsing"}, ["toetsing"]),
        ("niets", set(), []),
    ],
)
def test_words_with_a_wanted_stem_are_marked(text: str, stems: set[str], hits: list[str]):
    parts = mark_hits(text, stems)

    assert hits_of(parts) == hits
    assert text_of(parts) == text


def test_a_snippet_starts_shortly_before_the_first_hit():
    text = "woord " * 200 + "toetsing " + "einde " * 200

    parts = make_snippet(text, {"toetsing"})

    assert hits_of(parts) == ["toetsing"]
    assert text_of(parts).startswith("… woord")
    assert text_of(parts).endswith(" …")
    assert len(text_of(parts)) <= SNIPPET_LENGTH + 4


def test_a_snippet_without_hit_is_the_beginning():
    parts = make_snippet("Kort  verhaal\n\nover niets", {"toetsing"})

    assert text_of(parts) == "Kort verhaal over niets"


def test_one_endless_word_is_cut():
    parts = make_snippet("a" * 5000, {"toetsing"})

    assert len(text_of(parts)) <= SNIPPET_LENGTH + 4
