from dataclasses import replace
from datetime import UTC, datetime

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.document import EntryDocument, FeedDocument, SourceDocument
from feeds.formats.write_atom import write_atom
from tests.feeds.formats.feed_texts import read
from tests.feeds.formats.golden_documents import DOCUMENTS, FULL_ENTRY, SITE, check_golden

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_we_publish_as_atom_equals_its_golden_file(name):
    check_golden(f"{name}.atom.xml", write_atom(DOCUMENTS[name]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_atom_holds_what_rfc_4287_demands(name):
    root = fromstring(write_atom(DOCUMENTS[name]))

    for element in [root, *root.iter(f"{ATOM}entry"), *root.iter(f"{ATOM}source")]:
        for required in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{required}")) == 1
    for entry in root.iter(f"{ATOM}entry"):
        alternates = entry.findall(f"{ATOM}link[@rel='alternate']")
        assert alternates or entry.find(f"{ATOM}content") is not None
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert root.find(f"{ATOM}link[@rel='self']").get("href").startswith(SITE)


def test_what_we_write_as_atom_we_read_back():
    document = read(write_atom(DOCUMENTS["river"]), url=f"{SITE}/nieuws.atom")

    entry = document.entries[0]
    assert (document.title, document.id) == ("Nieuws op Verbindplaats", f"{SITE}/nieuws")
    assert document.hub_urls == (f"{SITE}/hub",)
    assert (entry.id, entry.url, entry.title) == (FULL_ENTRY.id, FULL_ENTRY.url, FULL_ENTRY.title)
    assert (entry.author, entry.categories) == (FULL_ENTRY.author, FULL_ENTRY.categories)
    assert (entry.published, entry.language) == (FULL_ENTRY.published, "en")
    assert entry.updated == FULL_ENTRY.updated.replace(microsecond=0)
    assert 'href="https://toetsnetwerk.voorbeeld.example/programma?a=1&amp;b=2"' in entry.content
    assert [one.url for one in entry.enclosures] == [one.url for one in FULL_ENTRY.enclosures]
    assert entry.source == FULL_ENTRY.source


def test_a_change_of_title_keeps_the_id_and_moves_updated():
    later = datetime(2024, 4, 1, tzinfo=UTC)
    document = DOCUMENTS["river"]
    edited = replace(document, entries=(replace(FULL_ENTRY, title="Nieuwe titel", updated=later),))

    before, after = (fromstring(write_atom(one)) for one in (document, edited))

    path = f"{ATOM}entry/{ATOM}"
    assert before.findtext(f"{path}id") == after.findtext(f"{path}id")
    assert after.findtext(f"{path}updated") == "2024-04-01T00:00:00Z"


def test_an_entry_without_id_and_url_cannot_be_published():
    with pytest.raises(ValueError, match="needs an id or a url"):
        write_atom(FeedDocument(kind="atom", entries=(EntryDocument(title="x"),)))


def test_an_id_that_is_no_iri_is_wrapped():
    documents = [EntryDocument(id="1 a/b"), EntryDocument(id="7", url="https://a.example/7")]

    root = fromstring(write_atom(FeedDocument(kind="atom", entries=tuple(documents))))

    ids = [one.text for one in root.findall(f"{ATOM}entry/{ATOM}id")]
    assert ids == ["urn:x-entry:1%20a%2Fb", "https://a.example/7"]


def test_a_long_text_without_title_is_labelled_by_its_first_words():
    entry = EntryDocument(id="urn:x:1", summary="<p>" + "woorden " * 30)

    root = fromstring(write_atom(FeedDocument(kind="atom", entries=(entry,))))

    title = root.findtext(f"{ATOM}entry/{ATOM}title")
    assert title.endswith("woorden…")
    assert len(title) <= 81


def test_a_source_without_addresses_is_named_by_its_title():
    entry = EntryDocument(id="urn:x:1", source=SourceDocument(title="Nieuwsbrief"))

    root = fromstring(write_atom(FeedDocument(kind="atom", entries=(entry,))))

    assert root.findtext(f"{ATOM}entry/{ATOM}source/{ATOM}id") == "Nieuwsbrief"
    assert root.find(f"{ATOM}entry/{ATOM}source/{ATOM}link") is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_makes_well_formed_atom_that_says_the_same_twice(title, body):
    entry = EntryDocument(id="urn:x:1", title=title or None, content=body or None)
    document = FeedDocument(kind="atom", title=title or None, entries=(entry,))

    written = write_atom(document)

    assert fromstring(written).tag == f"{ATOM}feed"
    assert written == write_atom(document)
