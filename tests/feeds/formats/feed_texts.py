"""Small feeds for tests, built from their parts."""

from datetime import UTC, datetime

from feeds.formats.detect import read_feed

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
URL = "https://netwerk.voorbeeld.example/nieuws/feed.xml"


def rss(items, channel="", prolog="", attributes=""):
    head = f'{prolog}<rss version="2.0"{attributes}><channel><title>Netwerk</title>{channel}'
    return f"{head}{items}</channel></rss>".encode()


def atom(entries, feed="", attributes=""):
    head = f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>Netwerk</title>{feed}'
    return f"{head}{entries}</feed>".encode()


def read(body, url=URL, **options):
    return read_feed(body, url=url, now=NOW, **options)


def read_item(inner, **parts):
    return read(rss(f"<item>{inner}</item>", **parts)).entries[0]


def read_entry(inner, **parts):
    return read(atom(f"<entry>{inner}</entry>", **parts)).entries[0]
