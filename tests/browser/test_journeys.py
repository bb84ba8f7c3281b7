"""What people do, with and without scripts, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Place
from tests.support.browser import PHRASE

Visit = Callable[..., Page]
GROUP = "/c/assessment"


def press(page: Page, words: str) -> None:
    """Press the last visible button or link with these words in the content."""
    page.locator(f"main :is(a, button):text-is('{words}'):visible").last.click()


def ask(page: Page, title: str) -> str:
    """Ask a question from the box on the home page; return its address."""
    page.goto("/")
    page.fill("#ask-title", title)
    page.click(".ask-form button")
    page.select_option("main select[name=community]", label="Assessment")
    page.fill("main textarea", "What do **you** do?")
    press(page, "Plaats")
    expect(page.locator("h1")).to_have_text(title)
    return page.url


def open_menu(page: Page, within: str) -> None:
    """Open the menu of a post or a comment."""
    page.locator(f"{within} .menu summary").first.click()


@pytest.mark.parametrize("has_script", [False, True])
def test_somebody_signs_in_and_out(visit: Visit, has_script: bool) -> None:
    page = visit("/instellingen", has_script=has_script)

    page.fill("main [type=email]", "carla@school.example")
    page.fill("main [type=password]", PHRASE)
    page.click("main [type=submit]")
    page.wait_for_url("**/instellingen")
    page.click(".account-menu summary")
    page.click(".account-menu form button")

    page.wait_for_url(lambda url: "instellingen" not in url)
    expect(page.locator("header a[href^='/inloggen']").first).to_be_visible()


@pytest.mark.parametrize("has_script", [False, True])
def test_a_question_is_asked_answered_found_useful_edited_and_deleted(
    visit: Visit, has_script: bool
) -> None:
    asker = visit("/", "bram", has_script=has_script)
    question = ask(asker, f"Does this work with scripts: {has_script}?")

    answerer = visit(question, "carla", has_script=has_script)
    answerer.fill("main textarea", "Yes, like *this*.")
    press(answerer, "Plaats")
    expect(answerer.locator(".comment em")).to_have_text("this")
    answerer.reload()
    answerer.locator("main .post button:has-text('Nuttig')").click()
    expect(answerer.locator("main .post button[aria-pressed=true]")).to_contain_text("1")

    asker.goto(question)
    asker.locator(".comment button:has-text('Nuttig')").click()
    expect(asker.locator(".comment button[aria-pressed=true]")).to_contain_text("1")
    open_menu(asker, "main .post")
    press(asker, "Bewerken")
    asker.fill("main textarea", "What do you do *now*?")
    press(asker, "Bewaar")
    expect(asker.locator("main .post em")).to_have_text("now")
    open_menu(asker, "main .post")
    press(asker, "Verwijderen")
    asker.locator("main button[type=submit]").first.click()
    expect(asker.locator("main")).not_to_contain_text("What do you do")


@pytest.mark.parametrize("has_script", [False, True])
def test_a_report_reaches_the_moderator_who_deals_with_it(visit: Visit, has_script: bool) -> None:
    asker = visit("/", "bram", has_script=has_script)
    question = ask(asker, f"Something to report, scripts: {has_script}")

    reader = visit(question, "carla", has_script=has_script)
    open_menu(reader, "main .post")
    press(reader, "Melden")
    reader.locator("main label:has-text('reclame')").click()
    reader.fill("main textarea", f"Look, {has_script}.")
    press(reader, "Verstuur melding")
    moderator = visit("/moderatie", "anna", has_script=has_script)
    case = moderator.locator("main li, main article, main section").filter(
        has_text=f"Look, {has_script}."
    )
    case.last.locator("input:visible").fill("Talked about it.")
    case.last.locator("button:has-text('Handel af')").click()

    expect(moderator.locator("body")).to_contain_text("De melding is afgehandeld.")
    expect(moderator.locator("main")).not_to_contain_text(f"Look, {has_script}.")


@pytest.mark.parametrize("has_script", [False, True])
def test_a_group_is_followed_and_left(visit: Visit, has_script: bool) -> None:
    page = visit(GROUP, "carla", has_script=has_script)

    page.locator("main button:has-text('Volgen')").click()
    expect(page.locator("main button:has-text('Je volgt dit')")).to_be_visible()
    page.locator("main button:has-text('Je volgt dit')").click()

    expect(page.locator("main button:has-text('Volgen')")).to_be_visible()


def test_a_vote_with_scripts_changes_only_its_own_place(visit: Visit, place: Place) -> None:
    page = visit(place.town.link, "carla")
    page.evaluate("window.stayed = true")

    page.locator("main .post button:has-text('Nuttig')").click()
    expect(page.locator("main .post button[aria-pressed=true]")).to_be_visible()

    assert page.evaluate("window.stayed") is True


@pytest.mark.parametrize("has_script", [False, True])
def test_language_and_colours_are_chosen_below_every_page(visit: Visit, has_script: bool) -> None:
    page = visit("/forum", has_script=has_script)

    page.click("footer button:text-is('English')")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.click("footer button:text-is('Dark')")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    assert page.url.endswith("/forum")
    expect(page.locator("h1")).to_have_text("Forum")


def test_a_long_text_survives_a_closed_tab(visit: Visit, place: Place) -> None:
    page = visit(place.town.question, "bram")
    page.fill("main textarea", "A long answer that took an hour")
    page.goto("/")

    page.goto(place.town.question)

    expect(page.locator("main textarea")).to_have_value("A long answer that took an hour")


@pytest.mark.parametrize("has_script", [False, True])
def test_a_question_typed_before_signing_in_is_still_there_after(
    visit: Visit, has_script: bool
) -> None:
    page = visit("/", has_script=has_script)
    page.fill("#ask-title", "How do you plan the year?")
    page.click(".ask-form button")
    expect(page.locator("main .lead")).to_contain_text("Log in om je vraag te stellen")

    page.fill("main [type=email]", "carla@school.example")
    page.fill("main [type=password]", PHRASE)
    page.click("main [type=submit]")

    expect(page.locator("main [name=title]")).to_have_value("How do you plan the year?")


def test_a_misspelt_search_leads_to_what_was_meant(visit: Visit) -> None:
    page = visit("/zoeken?q=onderwijslogistik")

    page.click("main a:has-text('Bedoelde je')")

    expect(page.locator("main mark").first).to_have_text("Onderwijslogistiek")
