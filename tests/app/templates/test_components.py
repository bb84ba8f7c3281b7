"""The macros that every page is made of."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.core.assets import STATIC_FOLDER

TEMPLATES = STATIC_FOLDER.parent / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
FRAME = [*COMPONENTS, *(TEMPLATES / "layouts").glob("*.html"), *(TEMPLATES / "errors").glob("*")]
WHEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MAX_LINES = 60

Render = Callable[..., str]


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_one_macro_with_the_name_of_its_file(path: Path):
    source = path.read_text("utf-8")

    assert re.findall(r"{% macro (\w+)\(", source) == [path.stem]
    assert source.startswith("{#")
    assert len(source.splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_the_first_comment_describes_every_argument(path: Path):
    source = path.read_text("utf-8")
    signature = re.search(r"{% macro \w+\((.*?)\) -?%}", source)
    comment = source[: source.index("#}")]

    assert signature
    arguments = re.findall(r"(?:^|, )(\w+)(?==|,|$)", signature[1])
    assert [name for name in arguments if not re.search(rf"\b{name}\b", comment)] == []


@pytest.mark.parametrize("path", FRAME, ids=lambda path: path.name)
def test_templates_hold_no_inline_style_no_handlers_and_no_other_host(path: Path):
    source = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)

    assert re.findall(r"<[a-z][^>]*\s(?:style|on[a-z]+)=|<style|javascript:", source) == []
    assert re.findall(r"(?:src|href|action)=\"https?:", source) == []


def test_every_icon_that_is_drawn_is_in_the_sprite():
    sprite = (STATIC_FOLDER / "img/icons.svg").read_text("utf-8")
    drawn = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\bdraw\(\"([a-z-]+)\"", path.read_text("utf-8"))
    }

    assert drawn
    assert drawn <= set(re.findall(r'<symbol id="([a-z-]+)"', sprite))


def test_a_vote_is_a_button_that_knows_its_state(render: Render):
    given = render("{{ vote_button('v1', '/stem', 3, voted=True) }}")
    open_ = render("{{ vote_button('v1', '/stem', 0) }}")

    assert 'form="act" formaction="/stem" name="on" value="0" aria-pressed="true"' in given
    assert '<span class="num">3</span>' in given
    assert 'value="1" aria-pressed="false" data-swap="v1"' in open_
    assert "num" not in open_


@pytest.mark.parametrize("macro", ["vote_button", "follow_button"])
def test_a_reader_without_account_is_led_to_sign_in(render: Render, macro: str):
    shown = render(f"{{{{ {macro}('v1', '/stem', login_href='/inloggen?next=/x') }}}}")

    assert '<a class="button' in shown
    assert 'href="/inloggen?next=/x"' in shown
    assert "<button" not in shown


def test_following_has_three_states(render: Render):
    shown = [
        render("{{ follow_button('f', '/volg') }}"),
        render("{{ follow_button('f', '/volg', following=True) }}"),
        render("{{ follow_button('f', '/volg', requested=True) }}"),
    ]

    assert [
        text in page
        for text, page in zip(["Volgen", "Je volgt dit", "Aangevraagd"], shown, strict=True)
    ] == [True, True, True]
    assert [re.findall(r'value="(\d)"', page) for page in shown] == [["1"], ["0"], ["0"]]


COMMENT = "{% call comment('c1', name, '/u/x', when, body, replies=replies, reply_count=2, "


def test_a_comment_escapes_names_and_shows_its_clean_body(site: Flask, render: Render):
    shown = render(
        COMMENT + "asker=True, best=True) %}knoppen{% endcall %}",
        name="<i>Bo</i>",
        when=WHEN,
        body=site.jinja_env.filters["safe"]("<p>ja</p>"),
        replies="",
    )

    assert "&lt;i&gt;Bo" in shown
    assert "<p>ja</p>" in shown
    assert "vragensteller" in shown
    assert "comment-best" in shown
    assert "knoppen" in shown
    assert "<details" not in shown
    assert 'datetime="2026-11-02T09:30:00+00:00"' in shown


def test_a_removed_comment_keeps_only_its_replies(render: Render):
    shown = render(
        COMMENT + "removed='Verwijderd door de schrijver') %}knoppen{% endcall %}",
        name="Bo",
        when=WHEN,
        body="geheim",
        replies="antwoord",
    )

    assert "Verwijderd door de schrijver" in shown
    assert "geheim" not in shown
    assert "Bo" not in shown
    assert "knoppen" not in shown
    assert "antwoord" in shown


@pytest.mark.parametrize(
    ("arguments", "opening", "nested"),
    [
        ("depth=0", '<details class="replies" open>', '"nested"'),
        ("depth=3", '<details class="replies" open>', '"nested nested-flat"'),
        ("depth=0, folded=True", '<details class="replies">', '"nested"'),
    ],
)
def test_replies_can_be_folded_and_indent_three_deep(
    render: Render, arguments: str, opening: str, nested: str
):
    shown = render(
        COMMENT + arguments + ") %}{% endcall %}",
        name="Bo",
        when=WHEN,
        body="",
        replies="antwoord",
    )

    assert opening in shown
    assert f"<div class={nested}>" in shown
    assert "<summary>2 reacties</summary>" in shown


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ("answers=0", "nog geen antwoord"),
        ("answers=1", "antwoord</span>"),
        ("answers=2", "antwoorden</span>"),
        ("answers=2, solved=True", 'aria-label="beantwoord"'),
        ("answers=0, kind='discussion'", "nog geen reacties"),
        ("unread=True", '<span class="visually-hidden">nieuw</span>'),
        ("pinned=True", 'aria-label="vastgezet"'),
        ("locked=True", 'aria-label="gesloten"'),
        ("server='elders.example'", "via elders.example"),
    ],
)
def test_a_post_in_a_list_says_in_words_how_it_stands(render: Render, arguments: str, text: str):
    shown = render(f"{{{{ post_row('Hoe <doen> jullie dat?', '/post/1', {arguments}) }}}}")

    assert text in shown
    assert "Hoe &lt;doen&gt; jullie dat?" in shown


def test_an_entry_without_a_date_says_so_and_leads_to_its_source(render: Render):
    shown = render(
        "{{ entry_row('T', 'https://elders.example/1', 'Bron', language='en', also_in=2) }}"
    )

    assert "zonder datum" in shown
    assert 'rel="external nofollow noopener noreferrer"' in shown
    assert 'lang="en"' in shown
    assert "ook in 2 andere bronnen" in shown


def test_an_empty_cell_of_the_matrix_says_none_and_a_full_one_leads_to_its_list(render: Render):
    rows = [
        {
            "text": "Toetsing",
            "href": "/t",
            "cells": [
                {"count": 0, "href": "", "label": ""},
                {"count": 4, "href": "/l", "label": "4 netwerken over toetsing"},
            ],
        }
    ]

    shown = render("{{ matrix('Overzicht', [('A', ''), ('B', '/b')], rows) }}", rows=rows)

    assert '<span class="visually-hidden">geen</span>' in shown
    assert '<a href="/l" aria-label="4 netwerken over toetsing">4</a>' in shown
    assert 'role="region" aria-label="Overzicht" tabindex="0"' in shown


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("{{ pagination() }}", ""),
        ("{{ chips([]) }}", ""),
        ("{{ filter_chips([]) }}", ""),
        ("{{ marks() }}", ""),
        ("{{ time(None) }}", ""),
        ("{{ facts([('Leeg', '')]) }}", '<dl class="facts"></dl>'),
    ],
)
def test_what_is_not_there_leaves_no_empty_box(render: Render, call: str, expected: str):
    assert render(call).strip() == expected


def test_pages_of_a_list_tell_their_direction(render: Render):
    shown = render("{{ pagination('/a', '/b', older_text='Verder') }}")

    assert 'rel="prev" href="/a"' in shown
    assert re.search(r'rel="next" href="/b">Verder', shown)


def test_the_way_up_ends_with_the_page_itself(render: Render):
    shown = render("{{ crumbs([('Forum', '/forum'), ('Toetsing', '')]) }}")

    assert '<li><a href="/forum">Forum</a></li>' in shown
    assert '<span aria-current="page">Toetsing</span>' in shown


@pytest.mark.parametrize(
    ("style", "text"),
    [("relative", "09 uur geleden"), ("full", "02-11-2026, 09.30 uur"), ("date", "02-11-2026")],
)
def test_a_moment_is_readable_for_people_and_machines(render: Render, style: str, text: str):
    shown = render("{{ time(when, style) }}", when=WHEN, style=style)

    assert f">{text}</time>" in shown
    assert 'datetime="2026-11-02T09:30:00+00:00"' in shown


def test_a_face_is_decoration_without_a_picture(render: Render):
    shown = render("{{ face('Anna de Vries', 'large', 'group') }}")

    assert re.fullmatch(
        r'<span class="face face-[0-5] face-large face-group" aria-hidden="true">AV</span>', shown
    )


def test_an_external_button_tells_that_it_leaves(render: Render):
    shown = render("{{ button_link('Website', 'https://elders.example', external=True) }}")

    assert 'aria-label="naar een andere website"' in shown
    assert "noreferrer" in shown
