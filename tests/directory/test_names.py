"""Finding people in texts."""

import pytest

from directory.names import full_name, names_anybody, surname_of


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Anna Voorbeeld", "Voorbeeld"),
        ("Dr. Jan Voorbeeld", "Voorbeeld"),
        ("Anna van der Voor-Beeld", "Voor-Beeld"),
        ("A. Voorbeeld", "Voorbeeld"),
        ("Voorbeeld", ""),
        ("Anna Bo", ""),
        ("", ""),
    ],
)
def test_the_surname_is_the_last_word(name: str, surname: str):
    assert surname_of(name) == surname


def test_titles_are_no_part_of_a_name():
    assert full_name("Prof. Dr. Jan Voorbeeld") == "Jan Voorbeeld"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zie (Utrecht \u2013 Anna  Voorbeeld)", True),
        ("Voorbeeld, A. (2017). Gent.", True),
        ("VOORBEELD", True),
        ("Een voorbeelden-boek", False),
        ("Annavoorbeeld", False),
        ("", False),
    ],
)
def test_own_people_are_found_by_surname(text: str, expected: bool):
    assert names_anybody(text, own=["Anna Voorbeeld"]) is expected


def test_people_of_others_are_found_by_full_name_only():
    assert names_anybody("door Anna Voorbeeld", others=["Dr. Anna Voorbeeld"])
    assert not names_anybody("bij voorbeeld", others=["Anna Voorbeeld"])
