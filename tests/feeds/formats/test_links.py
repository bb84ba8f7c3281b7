import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.links import is_private, resolve, resolve_html

BASE = "https://hogeschool.voorbeeld.example/onderzoek/lectoraten"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("../verder", "https://hogeschool.voorbeeld.example/verder"),
        ("/x/", "https://hogeschool.voorbeeld.example/x/"),
        ("?p=1", f"{BASE}?p=1"),
        ("//ander.example/x", "https://ander.example/x"),
        (" https://a.example/b\n c ", "https://a.example/b%20c"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?a=1&copy=2&lang=nl", "https://a.example/?a=1&copy=2&lang=nl"),
        ("HTTPS://a.example/X", "https://a.example/X"),
        ('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E"),
    ],
)
def test_links_become_absolute(link, url):
    assert resolve(link, BASE) == url


@pytest.mark.parametrize(
    "link",
    [
        None, "", "   ", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
        "java\nscript:alert(1)", "\x01javascript:alert(1)", "java\x00script:alert(1)",
        "java&#x09;script:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)",
        "&amp;#106;avascript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@b.example",
        "file:///etc/passwd", "ftp://a.example/", "feed:https://a.example/", "blob:https://a.nl/x",
        "https://", "http://[::1", "https://a.example:99999/", "https://u:p@a.example/",
        "https://bank.example@kwaad.example/", "https://a.example/" + "x" * 5_000,
    ],
)  # fmt: skip
def test_what_is_not_a_public_web_address_is_refused_in_any_disguise(link):
    assert resolve(link, BASE) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/", "http://127.0.0.1/", "http://10.1.2.3/", "http://192.168.0.1/",
        "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/", "http://nas.local/",
        "http://intranet/", "http://0.0.0.0/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_unless_the_feed_itself_is_private(url):
    assert is_private(url)
    assert resolve(url, BASE) is None
    assert resolve(url, "http://127.0.0.1:8001/feed") == url


def test_an_address_that_cannot_be_split_counts_as_private():
    assert is_private("http://[")


def test_without_a_base_only_absolute_links_remain():
    assert resolve("/x", "") is None
    assert resolve("https://a.example/x", "") == "https://a.example/x"


def test_links_in_html_become_absolute_and_refused_ones_go():
    written = (
        '<p title="href=/x">a</p><a HREF=../verder>b</a><a href="java&#9;script:1" id=c>d</a>'
        "<img src='/f.jpg' srcset=\"a.jpg 1x, /b.jpg 2x, data:x 3x\"><a href='#noot'>1</a>"
        "<cite>x=y</cite>"
    )

    html = resolve_html(written, BASE, "https://hogeschool.voorbeeld.example/nieuws/1")

    root = "https://hogeschool.voorbeeld.example"
    assert html == (
        f'<p title="href=/x">a</p><a href="{root}/verder">b</a><a  id=c>d</a>'
        f'<img src="{root}/f.jpg" srcset="{root}/onderzoek/a.jpg 1x, {root}/b.jpg 2x">'
        f'<a href="{root}/nieuws/1#noot">1</a><cite>x=y</cite>'
    )


@pytest.mark.parametrize("piece", ['<a "', "<a '", "<a ", "<", "<a href=", "href=", "=", '<a b="'])
def test_hostile_html_is_walked_in_linear_time(piece):
    started = time.monotonic()

    resolve_html(piece * (400_000 // len(piece)) + "=", BASE)

    assert time.monotonic() - started < 20


@given(st.text(max_size=60), st.sampled_from([BASE, "", "http://[", "x"]))
def test_any_text_resolves_to_a_web_address_or_nothing(link, base):
    url = resolve(link, base)

    assert url is None or url.startswith(("http://", "https://"))


@given(st.lists(st.sampled_from(["<a ", "href=", '"', "'", ">", "javascript:", "/x", " ", "<b>"])))
def test_no_shuffle_of_html_lets_a_script_address_through_in_a_well_formed_tag(parts):
    html = resolve_html("".join(parts) + "=", BASE)

    tags = re.findall(r"""<a (?:[^<>"']|"[^"]*"|'[^']*')*>""", html)
    assert not [tag for tag in tags if re.search(r"""href=["']?javascript:""", tag)]
