import json

import pytest

from feeds.formats.write_jsonfeed import write_jsonfeed
from tests.feeds.formats.feed_texts import read
from tests.feeds.formats.golden_documents import DOCUMENTS, FULL_ENTRY, SITE, check_golden


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_we_publish_as_json_feed_equals_its_golden_file(name):
    check_golden(f"{name}.json", write_jsonfeed(DOCUMENTS[name]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_json_feed_holds_what_version_1_1_demands(name):
    feed = json.loads(write_jsonfeed(DOCUMENTS[name]))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert "content_html" in item or "content_text" in item
        assert all({"url", "mime_type"} <= set(one) for one in item.get("attachments", []))


def test_what_we_write_as_json_feed_we_read_back():
    document = read(write_jsonfeed(DOCUMENTS["river"]), url=f"{SITE}/nieuws.json")

    entry = document.entries[0]
    assert (document.home_url, document.hub_urls) == (f"{SITE}/nieuws", (f"{SITE}/hub",))
    assert (entry.id, entry.url, entry.title) == (FULL_ENTRY.id, FULL_ENTRY.url, FULL_ENTRY.title)
    assert (entry.author, entry.categories) == (FULL_ENTRY.author, FULL_ENTRY.categories)
    assert (entry.summary, entry.language) == ("<p>Kort: kom</p>", "en")
    assert entry.enclosures[0] == FULL_ENTRY.enclosures[0]


def test_where_an_entry_comes_from_stands_in_the_extension():
    feed = json.loads(write_jsonfeed(DOCUMENTS["river"]))

    assert feed["items"][0]["_source"] == {
        "title": "Netwerk Toetsen & Beoordelen",
        "url": "https://toetsnetwerk.voorbeeld.example/",
        "feed_url": "https://toetsnetwerk.voorbeeld.example/feed/",
    }
