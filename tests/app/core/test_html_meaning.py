import pytest

from app.core.html import clean_html, excerpt, html_to_text, safe_url

LENGTH = 100_000
REL = 'rel="nofollow noopener noreferrer ugc"'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>A</h1><h2>B</h2>", "<h3>A</h3><h4>B</h4>"),
        ("<h3>A</h3><h5>B</h5>", "<h3>A</h3><h5>B</h5>"),
        ("<h1>A</h1><h6>B</h6>", "<h3>A</h3><h6>B</h6>"),
        ("<div>een</div><div>twee</div>", "<p>een</p><p>twee</p>"),
        ("een<br/>twee<hr>", "een<br>twee<hr>"),
        ("<strike>a</strike><kbd>b</kbd>", "<s>a</s><code>b</code>"),
        ('<ol start="3"><li>a<li>b</ol>', '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("<a href=' https://a.nl/b c '>x</a>", f'<a href="https://a.nl/b%20c" {REL}>x</a>'),
        ("<a href=mailto:a@b.nl>x</a>", f'<a href="mailto:a@b.nl" {REL}>x</a>'),
        ("<a href=/x>x</a>", "x"),
        ("5 < 6 & 7 > 3 <3", "5 &lt; 6 &amp; 7 &gt; 3 &lt;3"),
        ("<p title='a > b'>x</p>", "<p>x</p>"),
        (
            '<img src="https://a.nl/f.png" alt="Een &quot;foto&quot;">',
            f'<a href="https://a.nl/f.png" {REL}>Een "foto"</a>',
        ),
        (
            '<img src="https://a.nl/f%20g.png">',
            f'<a href="https://a.nl/f%20g.png" {REL}>f g.png</a>',
        ),
        ('<img src="https://a.nl/">', f'<a href="https://a.nl/" {REL}>a.nl</a>'),
        ('<img src="/f.png" alt="foto">', "foto"),
        (
            '<a href="https://a.nl"><img src="https://b.nl/x" alt="foto"></a>',
            f'<a href="https://a.nl" {REL}>foto</a>',
        ),
        ("👩\u200d🏫 a\u202eb\u200bc", "👩\u200d🏫 abc"),
    ],
)
def test_meaning_survives(source, expected):
    assert clean_html(source, max_length=LENGTH) == expected


@pytest.mark.parametrize("entity", ["&#8238;", "&#x202E;", "&#8203;", "&#8294;", "&#xE0041;"])
def test_invisible_signs_written_as_entities_are_gone_too(entity):
    source = f"<p>{entity}</p><p>a{entity}b</p>"

    assert clean_html(source, max_length=LENGTH) == "<p>ab</p>"
    assert html_to_text(source) == "ab"


def test_a_long_text_is_cut_between_tags():
    source = "".join(f"<p>alinea {n} <a href='https://a.nl/{n}'>x</a></p>" for n in range(1000))

    cleaned = clean_html(source, max_length=1000)

    assert 700 < len(cleaned) <= 1000
    assert clean_html(cleaned, max_length=1000) == cleaned


def test_text_of_html_has_lines_and_no_markup():
    html = (
        "<h1>Kop</h1><p>Een &amp; twee<br>drie</p><ul><li>a</li><li>b</li></ul><script>x</script>"
    )

    assert html_to_text(html) == "Kop\nEen & twee\ndrie\na\nb"
    assert excerpt(html, 14) == "Kop Een &…"
    assert excerpt("<p>kort</p>", 14) == "kort"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.nl/b?c=d#e", "https://a.nl/b?c=d#e"),
        ("HTTPS://a.nl", "https://a.nl"),
        ("\n https://a.nl/ \t", "https://a.nl/"),
        ("http://a.nl:8080/x y", "http://a.nl:8080/x%20y"),
        ('https://a.nl/");}*{', "https://a.nl/%22);%7D*%7B"),
        ("https://[2a00::1]/", "https://[2a00::1]/"),
        ("https://caf\u00e9.nl/\u00e9", "https://xn--caf-dma.nl/%C3%A9"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("java&#9;script:alert(1)", None),
        ("https&colon;//a.nl", None),
        ("https://a.nl/\nb", None),
        ("https://a.nl\\@b.nl/", None),
        ("https://u:p@a.nl/", None),
        ("https:///a", None),
        ("//a.nl/", None),
        ("/a", None),
        ("data:text/html,x", None),
        ("https://a.nl:99x/", None),
        ("https://a.nl/" + "x" * 3000, None),
        ("", None),
    ],
)
def test_only_web_addresses_are_safe(url, expected):
    assert safe_url(url) == expected
