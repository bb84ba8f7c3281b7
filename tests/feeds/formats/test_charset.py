import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.charset import decode_text, http_charset

TITLE = "Reünie \u2019s-Hertogenbosch: “één regio”"


def document(charset):
    return f'<?xml version="1.0" encoding="{charset}"?><rss>{TITLE}</rss>'


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("us-ascii", "utf-8"),
        ("utf-16", "utf-8"),
        ("onzin", "utf-8"),
        ("idna", "utf-8"),
        ("zlib", "cp1252"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16le", "utf-16-le"),
        ("utf-16be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_the_text_survives_a_wrong_label(declared, actual):
    assert TITLE in decode_text(document(declared).encode(actual)).text


def test_the_http_charset_loses_when_the_bytes_do_not_fit_it():
    body = document("utf-8").encode()

    for wrong in ("iso-8859-1", "us-ascii", "utf-16", "koi8-r-onzin"):
        assert TITLE in decode_text(body, f"text/xml; charset={wrong}").text


def test_the_http_charset_counts_when_the_document_names_none():
    body = "<rss>Привет</rss>".encode("koi8-r")

    decoded = decode_text(body, 'application/xml; charset="KOI8-R"')

    assert (decoded.text, decoded.charset) == ("<rss>Привет</rss>", "koi8-r")


def test_a_server_default_of_latin_loses_from_what_the_document_declares():
    body = '<?xml version="1.0" encoding="koi8-r"?><rss>Привет</rss>'.encode("koi8-r")

    assert "Привет" in decode_text(body, "text/xml; charset=iso-8859-1").text


def test_stray_windows_bytes_in_utf8_are_repaired_one_by_one():
    body = "<rss>één".encode() + "“twee”".encode("cp1252") + b"</rss>"

    decoded = decode_text(body)

    assert decoded.text == "<rss>één“twee”</rss>"
    assert "line 1" in decoded.warnings[0]


def test_a_mainframe_feed_is_read():
    assert TITLE[:6] in decode_text(f"<?xml version='1.0'?>{TITLE[:6]}".encode("cp037")).text


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/xml; charset=utf-8", "utf-8"),
        ('text/xml;boundary=x; CHARSET = "latin1"', "latin1"),
        ("text/xml", None),
        ("text/xml; charset=", None),
        ("", None),
    ],
)
def test_the_charset_of_a_header_is_found(header, charset):
    assert http_charset(header) == charset


def test_the_repair_is_for_reading_only():
    with pytest.raises(UnicodeEncodeError):
        "é".encode("ascii", "verbindplaats-windows-1252")


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_decode(body, content_type):
    assert isinstance(decode_text(body, content_type).text, str)
