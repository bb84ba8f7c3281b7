"""Initials and tints of people and groups."""

import pytest

from app.core.faces import TINTS, initials, tint


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna de Vries", "AV"),
        ("Karim van den Berg", "KB"),
        ("toetsing", "T"),
        ("Zoë 't Hart", "ZH"),
        ("anna-maria jansen", "AJ"),
        ("van de", "VD"),
        ("(Bo) Élan 3", "B3"),
        ("李小龙", "李"),
        ("  ", "?"),
        ("🙂", "?"),
        ("", "?"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_the_last_word(name: str, expected: str):
    assert initials(name) == expected


def test_a_name_keeps_its_tint_however_it_is_written():
    assert tint("Anna de Vries") == tint(" anna DE vries ")


def test_names_are_spread_over_all_tints():
    tints = {tint(f"naam {number}") for number in range(200)}

    assert tints == set(range(TINTS))
