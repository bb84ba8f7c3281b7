"""The frame around every page."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask.testing import FlaskClient

PAGE = '{% extends "layouts/page.html" %}{% block title %}Proef{% endblock %}'


def _signed_in() -> SimpleNamespace:
    return SimpleNamespace(name="anna", display_name="Anna Voorbeeld", handle="@anna@ons.test")


def test_a_reader_without_account_gets_no_token_and_no_cookie(browser: FlaskClient):
    answer = browser.get("/proef")

    assert answer.status_code == 200
    assert "csrf_token" not in answer.text
    assert 'id="act"' not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert ">Inloggen<" in answer.text


def test_the_frame_names_the_page_and_lets_a_keyboard_skip_to_it(browser: FlaskClient):
    page = browser.get("/proef").text

    assert "<title>Proef · Leeszaal</title>" in page
    assert '<html lang="nl">' in page
    assert page.index('<a class="skip" href="#inhoud">') < page.index("<header")
    assert '<main id="inhoud"' in page


def test_who_is_signed_in_has_one_form_for_all_buttons(
    browser: FlaskClient, context: dict[str, object]
):
    context.update(current_account=_signed_in(), unread_count=120)

    page = browser.get("/proef?a=1").text

    assert page.count('<form id="act" method="post" hidden>') == 1
    assert '<input type="hidden" name="next" value="/proef?a=1">' in page
    assert ">99+<" in page
    assert "Uitloggen" in page
    assert "Moderatie<" not in page
    assert "Meedoen" not in page


def test_only_who_moderates_sees_the_queue(browser: FlaskClient, context: dict[str, object]):
    context.update(current_account=_signed_in(), can_moderate=True)

    page = browser.get("/proef").text

    assert 'href="/moderation.show_queue"' in page


@pytest.mark.parametrize(
    ("theme", "attribute"), [("light", ' data-theme="light"'), ("dark", ' data-theme="dark"')]
)
def test_a_chosen_theme_wins_over_the_device(
    browser: FlaskClient, context: dict[str, object], theme: str, attribute: str
):
    context.update(theme=theme, locale="en")

    page = browser.get("/proef").text

    assert f'<html lang="en"{attribute}>' in page
    assert f'value="{theme}" aria-pressed="true"' in page
    assert 'value="en" lang="en" aria-pressed="true"' in page


def test_a_trial_server_says_so_on_every_page(browser: FlaskClient, context: dict[str, object]):
    context["settings"] = SimpleNamespace(site_name="Proef", allow_private_addresses=True)

    page = browser.get("/proef").text

    assert "Dit is een proefserver" in page


def test_the_menu_marks_the_page_itself_and_the_door_it_belongs_to(site: Flask):
    page = '{% extends "layouts/page.html" %}{% set active_door = "forum" %}'

    with site.test_request_context("/feeds.show_river"):
        shown = render_template_string(page)

    assert '<a href="/feeds.show_river" aria-current="page">' in shown
    assert '<a href="/forum.show_forum" aria-current="true">' in shown


@pytest.mark.parametrize(
    ("path", "marked"),
    [("/forum.show_new_post", True), ("/security.login", False), ("/", False)],
)
def test_a_page_of_the_forum_marks_its_door_by_itself(site: Flask, path: str, marked: bool):
    site.add_url_rule("/", "forum.home_at_root", lambda: "")

    with site.test_request_context(path):
        shown = render_template_string(PAGE)

    assert ('<a href="/forum.show_forum" aria-current="true">' in shown) is marked


def test_a_message_of_the_last_action_is_told_once_and_escaped(site: Flask):
    with site.test_request_context("/"):
        flash("<b>Bewaard</b>", "success")
        flash("Mislukt", "error")
        page = render_template_string(PAGE)

    assert 'notice-good" role="status"' in page
    assert "&lt;b&gt;Bewaard" in page
    assert 'notice-bad" role="alert"' in page


def test_a_page_with_a_side_column_keeps_both_apart(site: Flask):
    source = (
        '{% extends "layouts/split.html" %}{% block title %}t{% endblock %}'
        "{% block main %}hoofd{% endblock %}{% block side %}zij{% endblock %}"
    )

    with site.test_request_context("/"):
        page = render_template_string(source)

    assert re.search(r"<main[^>]*>\s*hoofd\s*</main>\s*<aside[^>]*>\s*zij\s*</aside>", page)


def test_the_error_page_says_what_happened_and_where_to_go(site: Flask):
    with site.test_request_context("/weg"):
        page = render_template(
            "errors/error.html", status=404, title="Deze pagina bestaat niet", message="Zoek."
        )

    assert "<h1>Deze pagina bestaat niet</h1>" in page
    assert 'role="search"' in page
    assert 'href="/forum.show_home">Naar de voorpagina' in page
