import json

from tests.feeds.formats.feed_texts import read


def feed(*items, **fields):
    whole = {"version": "https://jsonfeed.org/version/1.1", "items": list(items), **fields}
    return read(json.dumps(whole).encode())


def test_ids_of_other_types_become_text():
    document = feed({"id": 2347}, {"id": 3.5}, {"id": True}, {"id": "x"}, {"id": ["x"]})

    assert [entry.id for entry in document.entries] == ["2347", "3.5", None, "x", None]


def test_an_id_that_is_no_number_is_no_id():
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": NaN}, {"id": 1e999}]}'

    assert [entry.id for entry in read(body).entries] == [None, None]


def test_an_item_that_is_not_an_object_is_skipped_and_told():
    document = feed({"id": "1"}, 3, None, "x", {"id": "2"})

    assert [entry.id for entry in document.entries] == ["1", "2"]
    assert "items that are not objects were skipped: 3" in document.warnings


def test_plain_text_bodies_become_html():
    entry = feed({"id": "1", "content_text": "a < b"}).entries[0]

    assert (entry.content, entry.title) == ("<p>a &lt; b</p>", None)


def test_authors_of_both_versions_are_read_without_mail_addresses():
    document = feed(
        {"id": "1", "author": {"name": "Oud"}},
        {"id": "2", "authors": ["x", {"name": []}, {"name": "Jan <jan@a.example>"}]},
        {"id": "3"},
        authors=[{"name": "Redactie", "url": "mailto:a@b.example"}],
    )

    assert [entry.author for entry in document.entries] == ["Oud", "Jan", "Redactie"]


def test_relative_links_resolve_and_attachments_are_read_once():
    file = {"url": "p.pdf", "mime_type": "application/pdf", "size_in_bytes": 10.6}

    entry = feed({"url": "/1", "content_html": "<img src=x.png>", "attachments": [file, file, 3]})

    one = entry.entries[0]
    assert one.url == "https://netwerk.voorbeeld.example/1"
    assert one.content == '<img src="https://netwerk.voorbeeld.example/nieuws/x.png">'
    assert [(file.url[-5:], file.length) for file in one.enclosures] == [("p.pdf", 11)]


def test_only_the_newest_entries_are_kept():
    items = [{"id": n, "date_published": f"2024-01-{n:02}T00:00:00Z"} for n in range(1, 10)]
    whole = {"version": "https://jsonfeed.org/version/1.1", "items": items}

    document = read(json.dumps(whole).encode(), limit=3)

    assert [entry.id for entry in document.entries] == ["7", "8", "9"]
    assert document.total == 9


def test_a_feed_without_a_list_of_items_is_an_empty_feed():
    document = feed(title="x", items={"a": 1})

    assert (document.entries, document.warnings) == ((), ("the feed has no list of items",))


def test_hubs_language_and_addresses_of_the_feed_are_read():
    document = feed(
        hubs=[{"type": "WebSub", "url": "https://hub.example/"}, "x"],
        language="nl-NL",
        home_page_url="/",
        feed_url="feed.json",
    )

    assert document.hub_urls == ("https://hub.example/",)
    assert document.language == "nl"
    assert document.self_url == "https://netwerk.voorbeeld.example/nieuws/feed.json"
