import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.plain_text import cut_html, html_of_text, one_line, text_of_html, title_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2 < 3 en A&B", "2 < 3 en A&B"),
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A & B"),
        ("Kennisclip &lt;em&gt;feedback&lt;/em&gt;", "Kennisclip feedback"),
        ("Drie &amp;amp;lt;i&amp;amp;gt;keer&amp;lt;/i&amp;gt;", "Drie &lt;i&gt;keer"),
        ("Drie &amp;lt;i&amp;gt;keer&amp;lt;/i&amp;gt;", "Drie keer"),
        ("Wat is <em>dit</em>?", "Wat is dit?"),
        ("Hoe werkt <b> in HTML?", "Hoe werkt <b> in HTML?"),
        ("regel<br>twee", "regel twee"),
        ("<svg/onload=alert(1)>", "<svg/onload=alert(1)>"),
        ("R&D &copy 2024 ?a=1&copy=2", "R&D &copy 2024 ?a=1&copy=2"),
        ("caf\u00e9 &#233;&eacute;n", "caf\u00e9 \u00e9\u00e9n"),
        ("om\u202ekeren\u200b\ufeff", "omkeren"),
        ("  veel \n wit\t", "veel wit"),
        ("\x00\x07", None),
        ("", None),
    ],
)
def test_titles_come_out_as_their_writer_meant_them(written, shown):
    assert title_text(written, 100) == shown


def test_a_title_that_is_too_long_is_cut_with_an_ellipsis():
    assert title_text("woord " * 100, 20) == "woord woord woord w…"


def test_html_titles_lose_their_formatting():
    assert title_text("A <b>los <i>B", 100, is_html=True) == "A los B"


def test_plain_text_becomes_escaped_paragraphs():
    assert html_of_text("een <b>\nregel\n\ntwee & drie") == (
        "<p>een &lt;b&gt;<br>regel</p><p>twee &amp; drie</p>"
    )
    assert html_of_text(" \n ") == ""


def test_text_of_html_is_what_a_reader_sees():
    written = "<style>p{}</style><p>Een &amp; <b>twee</b></p><!-- x --><p>drie<script>x"

    assert text_of_html(written) == "Een & twee drie"


def test_html_is_never_cut_inside_a_tag():
    assert cut_html("<p>tekst</p><a href='x'>", 15) == "<p>tekst</p>"
    assert cut_html("<p>tekst</p>", 12) == "<p>tekst</p>"


@given(st.text(max_size=200), st.booleans())
def test_a_title_is_one_bounded_line_without_controls(text, is_html):
    shown = title_text(text, 40, is_html=is_html)

    assert shown is None or (len(shown) <= 40 and shown == one_line(shown, 40))
