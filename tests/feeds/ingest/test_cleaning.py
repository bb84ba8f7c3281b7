import pytest

from feeds.formats.document import EnclosureDocument, EntryDocument
from feeds.ingest.cleaning import clean_body, clean_categories, clean_entry

FOOTERS = [
    '<p>Het bericht <a href="https://n.test/1">Titel</a> verscheen eerst op <a href="/">N</a>.</p>',
    "<p>Dit artikel Titel is verschenen op Netwerk.</p>",
    "<p>The post Title appeared first on Network.</p>",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_what_wordpress_puts_below_a_post_is_left_out(footer):
    cleaned = clean_entry(EntryDocument(summary=f"<p>Kom naar Zwolle. […]</p>\n{footer}"))

    assert cleaned.text == "Kom naar Zwolle."
    assert "verscheen" not in clean_body(f"<p>Kom naar Zwolle.</p>{footer}", 1000)


def test_a_sentence_about_where_something_appeared_stays():
    text = "Het bericht verscheen eerst op papier.\nDaarna kwam de website."

    cleaned = clean_entry(EntryDocument(summary=text.replace("\n", "<br>")))

    assert cleaned.text == text


def test_markup_in_single_line_fields_is_only_text():
    payload = "<svg/onload=alert(1)>"

    cleaned = clean_entry(
        EntryDocument(title=payload, author=payload, categories=(payload,), summary=payload)
    )

    assert cleaned.title == cleaned.author == cleaned.categories[0] == payload
    assert "onload" not in cleaned.text


def test_direction_marks_and_zero_width_signs_are_gone():
    cleaned = clean_entry(EntryDocument(title="Toets\u202egnp.exe\u200b"))

    assert cleaned.title == "Toetsgnp.exe"


def test_trackers_come_off_links_and_functional_parameters_stay():
    url = "https://n.test/artikel?id=7&utm_source=nb&mc_eid=aa&fbclid=x&lang=nl"

    assert clean_entry(EntryDocument(url=url)).url == "https://n.test/artikel?id=7&lang=nl"


def test_a_file_that_stands_in_for_a_page_keeps_its_address():
    url = "https://n.test/7.mp3?utm_source=rss"
    entry = EntryDocument(url=url, enclosures=(EnclosureDocument(url=url),))

    assert clean_entry(entry).url == url


def test_the_reader_of_a_newsletter_is_not_named():
    html = (
        "<p>Beste *|FNAME|*, lees dit.</p>"
        '<img src="https://m.test/track/open.php?u=1&e=9" width="1" height="1">'
        '<p><a href="https://m.test/unsubscribe?e=9">uitschrijven</a></p>'
    )

    cleaned = clean_entry(EntryDocument(title="Maart - *|FNAME|*", summary=html))
    body = clean_body(html, 1000)

    assert cleaned.title == "Maart"
    assert cleaned.text == "Beste , lees dit."
    assert not any(word in body for word in ("FNAME", "track/open", "unsubscribe?", "e=9"))


def test_an_article_about_signing_off_keeps_its_last_line():
    assert clean_entry(EntryDocument(summary="<p>Hoi.</p><p>Afmelden kan tot 3 mei.</p>")).text == (
        "Hoi.\nAfmelden kan tot 3 mei."
    )


def test_labels_that_say_nothing_are_no_labels():
    names = ["Toetsing", "toetsing", "Uncategorized", "Geen categorie", " "]

    assert clean_categories(names) == ("Toetsing",)


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Wij zoeken een nieuwe leraar voor het vak en de klas.", "en", "nl"),
        ("We are looking for a new teacher and this is the place.", "nl", "en"),
        ("Blended learning", "nl", "nl"),
        ("", None, ""),
    ],
)
def test_the_language_of_the_words_wins_from_the_declared_one(text, declared, expected):
    assert clean_entry(EntryDocument(summary=text, language=declared)).language == expected
