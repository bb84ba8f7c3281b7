"""Every feed file of the shared corpus, read as it would be after a fetch without headers."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from feeds.formats import limits
from feeds.formats.detect import read_feed
from feeds.formats.errors import NotAFeedError

CORPUS = Path(__file__).resolve().parents[3] / "../shared/data/feeds"
NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
FETCHED_FROM = "https://feeds.voorbeeld.example/nieuws/feed.xml"

# Files whose entries we cannot find as expected.json says, each with the reason why. None so far.
CANNOT: dict[str, str] = {}
# Files for which expected.json gives no number; ours is what a person counts in them.
COUNTED_BY_HAND = {"reader/invalid.json": 8}

pytestmark = pytest.mark.skipif(
    not (CORPUS / "expected.json").is_file(), reason="the shared feed corpus is not on this machine"
)


def expected_files():
    return json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))["files"]


def semantic_expectations():
    path = CORPUS / "dutch/expected_semantic.json"
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def read(name, url=FETCHED_FROM, limit=limits.INSPECT_ENTRIES):
    return read_feed((CORPUS / name).read_bytes(), url=url, now=NOW, limit=limit)


def count_entries(name):
    try:
        return len(read(name).entries)
    except NotAFeedError:
        return 0


def read_dutch(name, expected):
    return read(f"dutch/{name}", url=expected.get("fetched_from", FETCHED_FROM))


def test_every_file_gives_the_expected_number_of_entries():
    files = expected_files()
    wanted = {name: told["entries"] for name, told in files.items()} | COUNTED_BY_HAND

    found = {name: count_entries(name) for name in wanted if name not in CANNOT}

    assert len(wanted) == 1967
    assert found == {name: number for name, number in wanted.items() if name not in CANNOT}


def test_the_list_of_files_we_cannot_read_is_not_longer_than_needed():
    files = expected_files()

    assert not [name for name in CANNOT if count_entries(name) == files[name]["entries"]]


def test_no_file_of_the_corpus_reads_as_if_items_were_lost():
    lossy = []
    for name, told in expected_files().items():
        if told["entries"]:
            lossy += [name for note in read(name).warnings if "could be read" in note]

    assert lossy == []


def test_no_entry_of_the_corpus_shows_an_address_we_would_not_link_to_or_an_email_author():
    for name, told in expected_files().items():
        for entry in read(name).entries if told["entries"] else ():
            urls = [entry.url, entry.image_url, *(one.url for one in entry.enclosures)]

            assert all(url is None or url.startswith(("http://", "https://")) for url in urls)
            assert "@" not in (entry.author or ""), name


def test_a_feed_of_a_thousand_entries_is_cut_to_the_newest_five_hundred():
    name = "kagi-smallweb/cc314ce5dfbb3adc.feed"

    whole, cut = read(name), read(name, limit=limits.ENTRIES)

    moments = sorted((entry.published or entry.updated for entry in whole.entries), reverse=True)
    assert (len(whole.entries), len(cut.entries), cut.total) == (1046, 500, 1046)
    assert min(one.published or one.updated for one in cut.entries) >= moments[499]
    assert "only 500 of 1046 items were kept" in cut.warnings


def pick(expected, key):
    return {name: told[key] for name, told in expected.items() if key in told}


def test_dutch_files_hold_the_entries_a_person_sees_in_them():
    expected = semantic_expectations()

    counts = {name: len(read_dutch(name, told).entries) for name, told in expected.items()}

    assert counts == pick(expected, "entries")


def test_dutch_dates_are_what_a_dutch_reader_would_say():
    told = semantic_expectations()["05-dutch-dates.xml"]

    document = read_dutch("05-dutch-dates.xml", told)

    moments = [one.published and f"{one.published:%Y-%m-%dT%H:%M:%SZ}" for one in document.entries]
    assert moments == told["dates_utc"]


@pytest.mark.parametrize(
    ("key", "read_field"),
    [
        ("link_0", lambda document: document.entries[0].url),
        ("title_0", lambda document: document.entries[0].title),
        ("ids", lambda document: [entry.id for entry in document.entries]),
        ("hub", lambda document: next(iter(document.hub_urls), None)),
        ("enclosure_0", lambda document: document.entries[0].enclosures[0].url),
        ("authors_0", lambda document: [document.entries[0].author]),
        ("ttl_minutes", lambda document: document.hints.ttl_minutes),
        ("sy_minutes", lambda document: document.hints.update_minutes),
        ("skip_hours", lambda document: sorted(document.hints.skip_hours)),
        ("duration_s", lambda document: document.entries[0].enclosures[0].duration_seconds),
    ],
)
def test_dutch_files_read_as_expected(key, read_field):
    expected = semantic_expectations()
    if key == "link_0":  # without its tracking parameters, which is the caller's work
        expected.pop("09-mailchimp-archive-tracking.xml")

    found = {
        name: read_field(read_dutch(name, told)) for name, told in expected.items() if key in told
    }

    assert found
    assert found == pick(expected, key)


def test_dutch_languages_are_read_per_feed_and_per_entry():
    expected = semantic_expectations()

    atom = read_dutch("08-lectoraat-atom-xhtml.atom", {})

    assert [entry.language for entry in atom.entries] == ["nl", "en"]
    for name in ("01-wordpress-nl.xml", "90-real-svsit-nieuws.xml"):
        assert read_dutch(name, expected[name]).language == expected[name]["language"]


def test_dutch_links_inside_text_resolve_against_xml_base():
    expected = semantic_expectations()["03-drupal-relative-xmlbase.xml"]

    summary = read_dutch("03-drupal-relative-xmlbase.xml", expected).entries[0].summary

    assert f'href="{expected["inner_link_0"]}"' in summary
    assert f'src="{expected["image_0"]}"' in summary


def test_a_future_date_is_kept_and_told_to_the_owner():
    document = read_dutch("02-events-future-pubdate.xml", {})

    assert document.entries[0].published == datetime(2099, 11, 20, 8, tzinfo=UTC)
    assert "entries dated in the future: 1" in document.warnings


def test_damage_is_told_with_the_line_it_stands_on():
    document = read_dutch("11-broken-ampersand-unclosed.xml", {})

    assert document.warnings[0].startswith("malformed XML at line 2:")
    assert document.home_url == "https://vraag.voorbeeld.example/?a=1&b=2"


def test_five_items_with_one_guid_stay_five():
    document = read_dutch("12-duplicate-guids.xml", {})

    assert [entry.id for entry in document.entries] == ["0"] * 5
    assert len({entry.url for entry in document.entries}) == 5
