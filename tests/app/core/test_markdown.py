import time

import pytest

from app.core.markdown import render_markdown

REL = 'rel="nofollow noopener noreferrer ugc"'


def address(handle: str) -> str | None:
    return None if "onbekend" in handle else f"https://ons.test/{handle[1:]}"


def render(source: str):
    return render_markdown(source, mentions=address)


def linked(handle: str) -> str:
    return f'<a href="https://ons.test/{handle[1:]}" {REL}>{handle}</a>'


@pytest.mark.parametrize(
    "handle", ["@jan", "@jan_de_vries", "!groep", "@jan@hun.test", "!g@a.b:80"]
)
def test_handles_become_links(handle):
    rendered = render(f"Dag {handle}, en ({handle}).")

    assert rendered.html == f"<p>Dag {linked(handle)}, en ({linked(handle)}).</p>"
    assert rendered.mentions == (handle,)
    assert rendered.links == ()


@pytest.mark.parametrize(
    "source",
    [
        "`@jan`",
        "    @jan",
        "```\n@jan\n```",
        "jan@hun.test",
        "\\@jan",
        "let op!jan",
        "x/@jan",
        "[@jan](https://a.nl)",
        "<mailto:jan@hun.test>",
        "@@jan",
        "@onbekend",
        "![@jan](https://a.nl/b)",
    ],
)
def test_other_signs_stay_what_they_are(source):
    rendered = render(source)

    assert rendered.mentions == ()
    assert "https://ons.test" not in rendered.html


def test_a_post_with_five_hundred_handles_asks_for_fifty():
    asked = []
    source = " ".join(f"@naam{number}" for number in range(500))

    rendered = render_markdown(source, mentions=lambda h: (asked.append(h), address(h))[1])

    assert len(asked) == len(rendered.mentions) == 50


@pytest.mark.parametrize(
    ("source", "url", "rest"),
    [
        ("Zie https://a.nl/b.", "https://a.nl/b", "."),
        ("Zie https://a.nl/b_(c)_d)!", "https://a.nl/b_(c)_d", ")!"),
        ("Zie https://a.nl/?q=@jan", "https://a.nl/?q=@jan", ""),
    ],
)
def test_bare_links_end_before_the_punctuation(source, url, rest):
    rendered = render(source)

    assert rendered.html == f'<p>Zie <a href="{url}" {REL}>{url}</a>{rest}</p>'
    assert rendered.links == (url,)


def test_written_links_are_told_once_and_in_order():
    rendered = render("[a](https://b.nl) <https://c.nl> https://b.nl [d][e]\n\n[e]: https://f.nl")

    assert rendered.links == ("https://b.nl", "https://c.nl", "https://f.nl")


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,x)",
        "[x](&#106;avascript:alert(1))",
        "[x](java&#9;script:alert(1))",
        "![x](javascript:alert(1))",
        "[x](vbscript:x)",
        "[x](/pad)",
    ],
)
def test_links_to_anything_but_the_web_become_text(source):
    rendered = render(source)

    assert "href" not in rendered.html
    assert rendered.links == ()


def test_html_in_the_source_is_text():
    assert render("<script>alert(1)</script> <b onclick=x>").html.count("<") == 2


def test_tables_lists_and_strikethrough_are_understood():
    html = render("# Kop\n\n~~weg~~\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|").html

    assert "<h3>Kop</h3>" in html
    assert "<s>weg</s>" in html
    assert html.count("<li>") == 2
    assert html.count("<td>") == 2


HOSTILE = {
    "quotes": "> ",
    "lists": "- ",
    "numbered quotes": "1. > ",
    "emphasis": "*a **",
    "strong": "***a",
    "underscores": "_a __",
    "brackets": "[",
    "images": "![",
    "links": "[a](",
    "nested links": "[[[[a]](b)",
    "backticks": "`` ` ",
    "less than": "<",
    "autolinks": "<http://",
    "entities": "&",
    "strikes": "~~a",
    "headings": "# a\n",
    "setext": "a\n=\n",
    "references": "[a]: ",
    "mentions": "@a",
    "mentions with host": "@a@",
    "mention of dots": "@a.",
    "urls": "https://x.nl/)",
    "backslashes": "\\",
    "fences": "```\n",
    "table": "|a|b|\n|-|-|\n|c|d|\n\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hundred_kilobytes_of_hostile_markdown_cost_little(name):
    source = (HOSTILE[name] * 100_000)[:100_000]
    started = time.process_time()

    render(source)

    assert time.process_time() - started < 50


def test_one_long_mention_costs_little():
    started = time.process_time()

    render("@" + "a." * 50_000)
    render("".join(" " * (2 * depth) + "- x\n" for depth in range(300)))
    render("|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "|\n" * 40_000)

    assert time.process_time() - started < 100
