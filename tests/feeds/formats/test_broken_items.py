"""One broken item of a feed keeps the others from nobody (security.md A109)."""

import pytest

from tests.feeds.formats.feed_texts import atom, read, rss


@pytest.mark.parametrize(
    "odd",
    [
        "<item/>",
        "<item><title/><link>javascript:alert(1)</link></item>",
        "<item><pubDate>gisteren</pubDate><guid/></item>",
        '<item><enclosure url="::" length="veel"/><category/></item>',
        "<item><item><title>binnen</title></item></item>",
        "<item><description>&lt;math&gt;&lt;mi&gt;&lt;table&gt;</description></item>",
        "<item><title>\ufffe</title></item>",
    ],
)
def test_an_odd_item_keeps_no_other_away(odd):
    good = "<item><guid>{0}</guid><title>{0}</title></item>"

    document = read(rss(good.format("een") + odd + good.format("twee")))

    assert [entry.title for entry in document.entries if entry.title in {"een", "twee"}] == [
        "een",
        "twee",
    ]


@pytest.mark.parametrize(
    "odd",
    [
        "<entry/>",
        "<entry><id>javascript:x</id><updated>nooit</updated><link/></entry>",
        '<entry><content type="xhtml"><div><p>open</div></content></entry>',
        '<entry><content type="application/octet-stream">AAAA</content></entry>',
    ],
)
def test_an_odd_entry_keeps_no_other_away(odd):
    good = "<entry><id>urn:{0}</id><title>{0}</title></entry>"

    document = read(atom(good.format("een") + odd + good.format("twee")))

    titles = [entry.title for entry in document.entries if entry.title in {"een", "twee"}]
    assert titles == ["een", "twee"]
