"""Names that a hasty reader takes for each other have one look."""

import pytest

from app.core.lookalikes import look_of


@pytest.mark.parametrize(
    "other",
    [
        "Anna de Vries",
        "anna  de-vries",
        "\u0410nn\u0430 d\u0435 Vri\u0435s",
        "Ann\u03b1 de Vries",
        "\u00c1nn\u00e4 de Vr\u0131es",
        "Anna de Vrles",
        "Anna de Vr1es",
        "Anna de V\u200bries",
        "\uff21nna de Vries",
    ],
)
def test_what_looks_the_same_has_one_look(other: str) -> None:
    assert look_of(other) == look_of("Anna de Vries")


def test_letters_that_run_together_have_one_look() -> None:
    assert look_of("Barn Vver") == look_of("Bam Wer")


@pytest.mark.parametrize("other", ["Anne de Vries", "Anna Vries", "Bram", "", "安娜"])
def test_what_looks_otherwise_has_another(other: str) -> None:
    assert look_of(other) != look_of("Anna de Vries")
