from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feeds.formats.document import EntryDocument
from feeds.ingest.cleaning import clean_entry
from feeds.ingest.identity import assign_keys, find_same, identify, is_reworded, similarity

DAY = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = "Toetsen is meer dan meten. " * 12


def entry(**fields):
    document = EntryDocument(
        **{"id": "urn:1", "url": "https://n.test/1", "title": "Toetsen", "summary": TEXT, **fields}
    )
    return clean_entry(document)


def test_five_entries_with_one_guid_stay_five_in_any_order():
    five = [entry(title=f"Bericht {n}", url=f"https://n.test/{n}") for n in range(5)]

    keys = assign_keys(five)
    reverse = assign_keys(five[::-1])

    assert len(set(keys)) == 5
    assert keys == reverse[::-1]


def test_entries_that_differ_only_in_their_text_stay_apart():
    two = [entry(summary="een"), entry(summary="twee")]

    assert len(identify(two)) == 2


def test_entries_that_are_equal_in_every_way_are_one():
    assert len(identify([entry(), entry()])) == 1


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("http://n.test/?p=1", "https://n.test/?p=1", True),
        ("http://n.test/A", "http://n.test/a", False),
        ("http://n.test/1", "http://n.test/1/", False),
    ],
)
def test_guids_are_one_only_across_http_and_https(one, other, is_same):
    first, second = (assign_keys([entry(id=guid)])[0] for guid in (one, other))

    assert (first == second) is is_same


def test_a_guid_of_any_size_or_with_nul_makes_a_key():
    keys = assign_keys([entry(id="x" * 5000), entry(id="a\x00b")])

    assert {len(key) for key in keys} == {64}


def test_a_changed_guid_with_the_same_title_date_and_text_is_the_same_story():
    known = entry(id="urn:oud", published=DAY)
    rebuilt = entry(id="urn:nieuw", published=DAY, summary=TEXT + "Nieuw slot.")

    assert find_same(rebuilt, [known]) is known


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Iets anders"},
        {"published": datetime(2026, 6, 2, tzinfo=UTC)},
        {"summary": "Een heel ander verhaal over leercoaching in het mbo."},
    ],
)
def test_a_changed_guid_with_something_else_changed_is_news(changes):
    known = entry(id="urn:oud", published=DAY)
    other = entry(**{"id": "urn:nieuw", "published": DAY, **changes})

    assert find_same(other, [known]) is None


def test_without_an_id_a_typo_fix_is_an_edit():
    known = entry(id=None, url=None, summary="Wij zoken een kernteamlid.", published=DAY)
    fixed = entry(id=None, url=None, summary="Wij zoeken een kernteamlid.", published=DAY)

    assert find_same(fixed, [known]) is known


def test_the_same_short_text_without_date_or_place_proves_nothing():
    known = entry(id="urn:1", url=None, summary="Vacature")
    other = entry(id="urn:2", url=None, summary="Vacature")

    assert find_same(other, [known]) is None


def test_two_words_in_a_hundred_are_no_revision():
    words = [f"woord{n}" for n in range(200)]
    known = entry(summary=" ".join(words))
    typo = replace(known, text=" ".join(["typefout", *words[1:]]))
    rewritten = replace(known, text=" ".join(["anders"] * 10 + words[10:]))

    assert not is_reworded(typo, known)
    assert is_reworded(rewritten, known)
    assert is_reworded(replace(known, title="Toetsen en meten"), known)


def test_similarity_counts_words():
    assert similarity("a b c d", "a b c d") == 1
    assert similarity("a b c d", "a b x y") == 0.5
    assert similarity("", "a") == 0
