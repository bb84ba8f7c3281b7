import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.db import session
from app.core.events import listen
from feeds.events import EntryFound, EntryRevised
from feeds.models.entry import Entry, EntryVersion
from feeds.queries import count_copies, list_entries_of_feeds, list_river
from tests.support.feedserver import item, rss

LONG = "Leerwegonafhankelijk toetsen vraagt om andere gesprekken met studenten. " * 6


def hear_found(event):
    HEARD.append(event)


def hear_revised(event):
    HEARD.append(event)


HEARD = []


@pytest.fixture
def heard(ctx):
    listen(EntryFound, hear_found)
    listen(EntryRevised, hear_revised)
    HEARD.clear()
    return HEARD


@pytest.fixture
def read(server, add, fetch, clock):
    """Serve these documents one after the other, an hour apart, and return the rows."""

    def read_all(*documents):
        server.put("/feed", documents[0])
        feed = add(server.url())
        for document in documents:
            server.put("/feed", document)
            fetch(feed)
            clock.advance(timedelta(hours=1))
        return list(session().scalars(select(Entry).order_by(Entry.id)))

    return read_all


def test_what_was_there_before_we_came_is_no_news(read, heard):
    rows = read(rss(item(1), item(2)), rss(item(1), item(2), item(3)))

    assert [row.is_backlog for row in rows] == [True, True, False]
    assert [event.is_news for event in heard] == [False, False, True]


def test_a_flood_is_no_news(read, heard):
    first = rss(*(item(n) for n in range(1, 4)))
    rebuilt = rss(*(item(n, title=f"Anders {n}", guid=f"urn:{n}") for n in range(1, 29)))

    read(first, rebuilt)

    assert not any(event.is_news for event in heard)


def test_the_same_document_again_changes_nothing(read, heard):
    document = rss(item(1), item(2), head="<lastBuildDate>Mon, 01 Jun 2026</lastBuildDate>")

    rows = read(document, document.replace("01 Jun 2026</last", "02 Jun 2026</last"))

    assert len(rows) == 2
    assert len(heard) == 2
    assert rows[0].changed_at == rows[0].received_at


def test_five_equal_guids_are_five_entries_also_in_reverse(read):
    five = [item(n, guid="vast", link=f"https://n.test/{n}") for n in range(1, 6)]

    rows = read(rss(*five), rss(*five[::-1]), rss(*five[:1]))

    assert len(rows) == 5


def test_a_second_entry_with_a_known_guid_leaves_the_first_alone(read):
    one, two = item(1, guid="vast"), item(2, guid="vast")

    rows = read(rss(one), rss(two, one))

    assert sorted(row.title for row in rows) == ["Bericht 1", "Bericht 2"]


def test_entries_without_guid_and_with_one_link_stay_apart(read):
    shared = {"guid": "", "link": "https://sharepoint.test/lijst"}
    three = [item(n, **shared) for n in (1, 2, 3)]

    assert len(read(rss(*three), rss(*three))) == 3


def test_a_switch_to_https_makes_no_new_entries(read, heard):
    before = rss(item(1, guid="http://n.test/?p=1", link="http://n.test/1"))
    after = rss(item(1, guid="https://n.test/?p=1", link="https://n.test/1"))

    rows = read(before, after)

    assert [row.url for row in rows] == ["https://n.test/1"]
    assert len(heard) == 1


def test_new_guids_for_known_stories_make_no_new_entries(read, heard):
    before = rss(*(item(n, description=LONG + str(n)) for n in (1, 2)))
    after = rss(*(item(n, guid=f"urn:{n}", description=LONG + str(n)) for n in (1, 2)))

    rows = read(before, after, after)

    assert [row.guid for row in rows] == ["urn:1", "urn:2"]
    assert len(heard) == 2


def test_an_edit_is_told_and_the_former_text_is_kept(read, heard):
    edited = item(1, title="Bericht 1, nu beter", updated="2026-11-23T12:00:00Z")

    (row,) = read(rss(item(1)), rss(edited))

    assert row.title == "Bericht 1, nu beter"
    assert isinstance(heard[-1], EntryRevised)
    assert row.changed_at > row.received_at
    assert session().scalars(select(EntryVersion.title)).all() == ["Bericht 1"]


def test_a_typo_fix_is_stored_in_silence(read, heard):
    text = " ".join(f"woord{n}" for n in range(120))

    (row,) = read(
        rss(item(1, description=text)), rss(item(1, description=text.replace("woord7 ", "w7 ")))
    )

    assert "w7 " in row.text
    assert len(heard) == 1
    assert session().scalar(select(func.count(EntryVersion.id))) == 0


def test_ten_versions_are_kept(read):
    (row,) = read(*(rss(item(1, title=f"Versie {n}")) for n in range(13)))

    titles = session().scalars(select(EntryVersion.title).order_by(EntryVersion.id)).all()
    assert row.title == "Versie 12"
    assert titles == [f"Versie {n}" for n in range(2, 12)]


def test_an_edited_old_entry_does_not_jump_to_the_top(read):
    moved = item(1, title="Nu met nieuwe datum", pubDate="Mon, 23 Nov 2026 13:00:00 +0000")

    read(rss(item(1), item(2)), rss(moved, item(2)))

    assert [row.title for row in list_river().items] == ["Bericht 2", "Nu met nieuwe datum"]


def test_a_date_in_the_future_sorts_as_the_day_it_came_and_is_kept(read, clock):
    came = clock()
    (row,) = read(rss(item(1, pubDate="Wed, 01 Jan 2098 10:00:00 GMT")))

    assert row.sort_at == came
    assert row.published.year == 2098


def test_an_undated_entry_is_in_the_river_and_says_so(read, clock):
    came = clock()
    (row,) = read(rss(item(1, pubDate="")))

    assert (row.sort_at, row.shown_at) == (came, None)
    assert list_river().items == [row]


def test_the_same_guid_in_two_feeds_is_two_entries(server, add, fetch):
    server.put("/a", rss(item(1, guid="/?p=102", link="https://a.test/1")))
    server.put("/b", rss(item(1, guid="/?p=102", link="https://b.test/1")))

    for path in ("/a", "/b"):
        fetch(add(server.url(path)))

    assert len(list_river().items) == 2


def test_one_story_in_three_feeds_is_shown_once_and_stays_with_each(server, add, fetch):
    links = ["https://n.test/s", "http://www.n.test/s/", "https://n.test/s?utm_source=c"]
    feeds = []
    for number, link in enumerate(links):
        server.put(f"/{number}", rss(item(1, link=link, guid=f"urn:{number}")))
        feeds.append(add(server.url(f"/{number}")))
        fetch(feeds[-1])

    (first,) = list_river().items

    assert first.feed_id == feeds[0].id
    assert count_copies([first]) == {first.id: 2}
    assert all(len(list_entries_of_feeds([feed.id]).items) == 1 for feed in feeds)


def test_one_address_for_many_entries_makes_no_copies(server, add, fetch):
    for path in ("/a", "/b"):
        shared = [item(n, link="https://lijst.test/", guid=f"{path}{n}") for n in (1, 2)]
        server.put(path, rss(*shared))
        fetch(add(server.url(path)))

    assert len(list_river().items) == 4


def test_a_document_read_twice_is_stored_once(server, add, fetch):
    server.put("/feed", rss(item(1), item(2)))
    feed = add(server.url())

    fetch(feed)
    feed.body_hash = None
    fetch(feed)

    assert len(list_river().items) == 2


def test_fifty_entries_are_read_and_stored_within_300_ms_of_work(server, add, fetch):
    text = "<p>" + LONG * 4 + "</p>"
    fifty = [
        item(n % 28 + 1, guid=f"urn:{n}", description=f"<![CDATA[{text}{n}]]>") for n in range(50)
    ]
    server.put("/warm", rss())
    fetch(add(server.url("/warm")))
    server.put("/feed", rss(*fifty))
    feed = add(server.url())
    started = time.process_time()

    fetch(feed)

    elapsed = time.process_time() - started
    assert len(list_entries_of_feeds([feed.id]).items) == 25
    assert elapsed < 1.5
