import pytest

from feeds.ingest.addresses import canonical_hash, strip_tracking


@pytest.mark.parametrize(
    "url",
    [
        "http://netwerk.test/bericht",
        "https://www.netwerk.test/bericht/",
        "https://netwerk.test/bericht#top",
        "https://netwerk.test/bericht?utm_source=x&utm_medium=y",
        "https://NETWERK.test/bericht?ref=netwerk.test",
    ],
)
def test_spellings_of_one_page_are_one(url):
    assert canonical_hash(url) == canonical_hash("https://netwerk.test/bericht")


@pytest.mark.parametrize(
    "url",
    [
        "https://netwerk.test/Bericht",
        "https://netwerk.test/bericht?id=1",
        "https://netwerk.test:8443/bericht",
        "https://ander.test/bericht",
    ],
)
def test_other_pages_are_others(url):
    assert canonical_hash(url) != canonical_hash("https://netwerk.test/bericht")


@pytest.mark.parametrize(
    "url",
    [
        "https://n.test/?id=1&ref=a&e=b&source=c&p=%20x",
        "https://n.test/zoek?q=utm_source",
        "https://n.test/a#kop",
    ],
)
def test_what_may_decide_what_is_shown_stays(url):
    assert strip_tracking(url) == url


def test_a_mail_archive_does_not_learn_who_reads():
    assert strip_tracking("https://mailchi.mp/n/maart?e=12&u=1") == "https://mailchi.mp/n/maart?u=1"
