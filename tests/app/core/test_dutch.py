import threading

import pytest

from app.core.dutch import fold_text, stem_tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("opleiding", "opleidingen"),
        ("Lerarenopleider", "lerarenopleiders"),
        ("gesprek", "gesprekken"),
        ("coördinator", "coordinator"),
        ("foto's", "foto"),
        ("één", "een"),
        ("begeleid", "begeleiding"),
        ("ĳsberen", "ijsberen"),
    ],
)
def test_forms_of_a_word_find_each_other(one, other):
    assert stem_tokens(one) == stem_tokens(other)


@pytest.mark.parametrize(("one", "other"), [("begeleiding", "beleid"), ("gesprek", "sprek")])
def test_words_that_only_look_alike_stay_apart(one, other):
    assert stem_tokens(one) != stem_tokens(other)


def test_stop_words_are_left_out_unless_nothing_else_is_asked():
    assert stem_tokens("De begeleiding van een student") == ["begeleid", "student"]
    assert stem_tokens("die van wij") == ["die", "van", "wij"]
    assert "niet" in stem_tokens("niet toetsen")


def test_signs_split_and_numbers_stay():
    assert stem_tokens("ICO-2024: (e-learning)_x!") == ["ico", "2024", "e", "learning", "x"]
    assert stem_tokens("") == []


def test_accents_and_compatibility_forms_are_folded():
    assert fold_text("Ａé Straße ﬁets") == "ae strasse fiets"


def test_threads_do_not_disturb_each_other():
    words = [f"{stam}{einde}" for stam in ("fiets", "school", "toets") for einde in ("en", "ing")]
    texts = [f"{word}{number}ingen {word}" for number in range(300) for word in words]
    expected = [stem_tokens(text) for text in texts]
    wrong = []

    def compare(offset: int) -> None:
        fresh = [f"nieuw{offset}{text}" for text in texts]
        first = [stem_tokens(text) for text in fresh]
        wrong.extend(a for a, b in zip(first, map(stem_tokens, fresh), strict=True) if a != b)
        wrong.extend(a for a, b in zip(map(stem_tokens, texts), expected, strict=True) if a != b)

    threads = [threading.Thread(target=compare, args=(offset,)) for offset in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
