import time

import pytest

from federation.dereference.titles import first_external_link, title_of
from federation.vocab.objects import Mention


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<p>Een vraag</p><p>Meer tekst</p>", "Een vraag"),
        ("<p>@toetsing@ons.test</p><p>Pas hier</p>", "Pas hier"),
        ("<p>@toetsing: wie weet <em>dit</em>?</p>", "wie weet dit?"),
        ("<p>Vraag voor @Toetsing@ons.test en @piet</p>", "Vraag voor en @piet"),
        ("<p>!toetsing@ons.test Hallo #tag</p>", "Hallo #tag"),
        ('<p>Zie <a href="https://x.test">dit stuk</a></p>', "Zie dit stuk"),
        ("Kaal &amp; zonder &lt;alinea&gt;", "Kaal & zonder <alinea>"),
        ("<p>Regel een<br>Regel twee</p>", "Regel een"),
        ("<p>mail@toetsing.nl werkt</p>", "mail@toetsing.nl werkt"),
        ("<p></p><p>@toetsing</p>", ""),
        ("", ""),
        ("<p># Kop met **nadruk** en `code`</p>", "Kop met nadruk en code"),
        ("<p>#toetsing blijft staan</p>", "#toetsing blijft staan"),
        ("<p>Zie [dit stuk](https://x.test/a_b) hierover</p>", "Zie dit stuk hierover"),
        ("<p>[@toetsing@ons.test](http://ons.test/c/toetsing) Vraag</p>", "Vraag"),
        ("<p>&gt; citaat</p>", "citaat"),
        ("<p>snake_case_naam en 2*3*4</p>", "snake_case_naam en 2*3*4"),
        ("<p>Ra\u202edar \u200bgeeft\u2066 licht</p>", "Radar geeft licht"),
    ],
)
def test_the_first_line_is_the_title_without_the_group(html: str, title: str) -> None:
    assert title_of(html, ["toetsing"]) == title


def test_of_a_long_line_the_first_sentence_is_taken() -> None:
    html = "<p>Hoe doen jullie dit eigenlijk? " + "woord " * 60 + "</p>"

    assert title_of(html, []) == "Hoe doen jullie dit eigenlijk?"


def test_a_sentence_without_end_is_cut() -> None:
    title = title_of("<p>" + "woord " * 100 + "</p>", [])

    assert 100 < len(title) <= 200


def test_the_first_real_link_is_found() -> None:
    html = (
        '<a href="https://m.test/@piet" class="u-url mention">@piet</a>'
        '<a href="https://m.test/tags/x" rel="tag">#x</a>'
        '<a href="https://spoken.test/u/x">x</a>'
        '<a href="https://m.test/@zelf/2">eigen</a>'
        '<a href="javascript:alert(1)">x</a>'
        '<a href="https://elders.test/a?x=1&amp;y=2">dit</a>'
    )

    link = first_external_link(html, [Mention("https://spoken.test/u/x")], "m.test")

    assert link == "https://elders.test/a?x=1&y=2"
    assert first_external_link("<p>niets</p>", [], "m.test") is None


@pytest.mark.parametrize("piece", ["<a ", "@a.", "<a href='", "@toetsing ", "a. ", "&amp;"])
def test_a095_a_mebibyte_of_malice_takes_no_time(piece: str) -> None:
    html = piece * (1_000_000 // len(piece))
    started = time.perf_counter()

    title_of(html, ["toetsing"])
    first_external_link(html, [], "m.test")

    assert time.perf_counter() - started < 20
