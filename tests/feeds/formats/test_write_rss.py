import pytest
from defusedxml.ElementTree import fromstring

from feeds.formats.document import FeedDocument
from feeds.formats.write_rss import write_rss
from tests.feeds.formats.feed_texts import read
from tests.feeds.formats.golden_documents import DOCUMENTS, FULL_ENTRY, SITE, check_golden


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_we_publish_as_rss_equals_its_golden_file(name):
    check_golden(f"{name}.rss.xml", write_rss(DOCUMENTS[name]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_rss_holds_what_the_specification_demands(name):
    channel = fromstring(write_rss(DOCUMENTS[name])).find("channel")

    for required in ("title", "link", "description"):
        assert channel.findtext(required)
    for item in channel.iter("item"):
        assert item.findtext("title")
        assert item.findtext("guid")
        assert len(item.findall("enclosure")) <= 1
        for enclosure in item.iter("enclosure"):
            assert {"url", "length", "type"} == set(enclosure.keys())


def test_a_guid_claims_to_be_a_page_only_when_it_is_the_link():
    root = fromstring(write_rss(DOCUMENTS["river"]))

    assert [guid.get("isPermaLink") for guid in root.iter("guid")] == ["false", "false"]


def test_what_we_write_as_rss_we_read_back():
    document = read(write_rss(DOCUMENTS["river"]), url=f"{SITE}/nieuws.rss")

    entry = document.entries[0]
    assert (document.language, document.hints.ttl_minutes) == ("nl", 15)
    assert (entry.id, entry.url, entry.title) == (FULL_ENTRY.id, FULL_ENTRY.url, FULL_ENTRY.title)
    assert (entry.author, entry.categories) == (FULL_ENTRY.author, FULL_ENTRY.categories)
    assert (entry.summary, entry.language) == (FULL_ENTRY.summary, "en")
    assert entry.updated == FULL_ENTRY.updated.replace(microsecond=0)
    assert entry.source.self_url == FULL_ENTRY.source.self_url
    assert [one.url for one in entry.enclosures] == [one.url for one in FULL_ENTRY.enclosures]


def test_a_feed_without_anything_is_still_valid():
    channel = fromstring(write_rss(FeedDocument(kind="rss"))).find("channel")

    assert channel.findtext("title") == channel.findtext("description")
    assert channel.findtext("lastBuildDate") == "Thu, 01 Jan 1970 00:00:00 GMT"
