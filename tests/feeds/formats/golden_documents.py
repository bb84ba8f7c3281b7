"""Feeds whose written form is kept in tests/golden/syndication."""

import os
from datetime import UTC, datetime
from pathlib import Path

from feeds.formats.document import (
    EnclosureDocument,
    EntryDocument,
    FeedDocument,
    ScheduleHints,
    SourceDocument,
)

GOLDEN = Path(__file__).resolve().parents[2] / "golden/syndication"
REWRITE = os.environ.get("GOLDEN") == "write"  # noqa: TID251 - a switch of the tests, not a setting

SITE = "https://plaats.voorbeeld.example"
SOURCE = SourceDocument(
    title="Netwerk Toetsen & Beoordelen",
    id="tag:toetsnetwerk.voorbeeld.example,2024:feed",
    home_url="https://toetsnetwerk.voorbeeld.example/",
    self_url="https://toetsnetwerk.voorbeeld.example/feed/",
    updated=datetime(2024, 3, 5, 8, tzinfo=UTC),
)
FULL_ENTRY = EntryDocument(
    id=f"{SITE}/nieuws/0190a5b2-7c1e-7000-8000-000000000001",
    url="https://toetsnetwerk.voorbeeld.example/studiedag/",
    title="2 < 3 en A&B: studiedag",
    author="A. de Boer",
    summary="Kort: <b>kom</b>",
    content='<p>Zie <a href="/programma?a=1&amp;b=2">het programma</a>.</p>',
    published=datetime(2024, 3, 1, 8, tzinfo=UTC),
    updated=datetime(2024, 3, 5, 9, 30, 15, 999, tzinfo=UTC),
    categories=("Toetsing", "Samen opleiden"),
    enclosures=(
        EnclosureDocument(
            url="https://toetsnetwerk.voorbeeld.example/7.mp3",
            media_type="audio/mpeg",
            length=1234,
            title="Opname",
            duration_seconds=2467,
        ),
        EnclosureDocument(url="https://toetsnetwerk.voorbeeld.example/7"),
    ),
    image_url="https://toetsnetwerk.voorbeeld.example/7.jpg",
    language="en",
    source=SOURCE,
)
BARE_ENTRY = EntryDocument(id="2346", summary="<p>Korte mededeling zonder titel.</p>")
DOCUMENTS = {
    "river": FeedDocument(
        kind="atom",
        title="Nieuws op Verbindplaats",
        subtitle="Alles wat de netwerken melden",
        id=f"{SITE}/nieuws",
        home_url=f"{SITE}/nieuws",
        self_url=f"{SITE}/nieuws.feed",
        hub_urls=(f"{SITE}/hub",),
        language="nl",
        image_url=f"{SITE}/static/img/plaats.png",
        hints=ScheduleHints(ttl_minutes=15),
        entries=(FULL_ENTRY, BARE_ENTRY),
    ),
    "empty": FeedDocument(kind="atom", title="Leeg", self_url=f"{SITE}/leeg.feed", language="nl"),
}


def check_golden(name: str, written: bytes) -> None:
    """Compare with the kept file; `./run.sh golden` writes it."""
    path = GOLDEN / name
    if REWRITE:
        path.write_bytes(written)
    assert written == path.read_bytes()
