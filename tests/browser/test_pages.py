"""Every main page: quiet, accessible, within the screen, in two languages and two colours."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no stubs
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from tests.browser.conftest import ENGLISH, Place
from tests.browser.pages import ADMIN, ALL, ANYONE, DIRECTORY, MEMBER, Sheet

Visit = Callable[..., Page]
DARK = [DIRECTORY[0], DIRECTORY[6], DIRECTORY[9], DIRECTORY[10], ANYONE[2], ANYONE[4], MEMBER[4]]
STOP_WORDS = re.compile(
    r"(?i)\b(de|het|een|en|niet|geen|je|jij|jouw|wij|deze|dit|voor|naar|wordt|zijn|van|ook|kun)\b"
)
READ_TEXTS = """() => {
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent.closest("script, [lang=nl]")) texts.push(walk.currentNode.textContent);
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"]) {
    for (const found of document.querySelectorAll(`[${name}]`)) {
      if (!found.closest("[lang=nl]")) texts.push(found.getAttribute(name));
    }
  }
  texts.push(document.title);
  return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter((text) => text);
}"""
NAMES_OF_LANGUAGES = {"Nederlands"}


def wrong_to_axe(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page).response["violations"]
    return [(item["id"], [node["html"] for node in item["nodes"]]) for item in found]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def dutch_sentences() -> set[str]:
    """Sentences of the interface whose English is another one."""
    with ENGLISH.open("rb") as source:
        return {
            str(message.id)
            for message in read_po(source)
            if message.id and isinstance(message.id, str) and message.id != message.string
        }


DUTCH = dutch_sentences()


@pytest.mark.parametrize("sheet", ALL, ids=str)
def test_a_page_is_quiet_accessible_and_within_the_screen(
    sheet: Sheet, visit: Visit, place: Place
) -> None:
    page = visit(sheet.path_in(place.town), sheet.name)

    wide = overflow(page)
    wrong = wrong_to_axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    narrow = overflow(page)

    assert page.locator("html").get_attribute("lang") == "nl"
    assert page.locator("h1").count() == 1
    assert (wide, narrow) == (0, 0)
    assert wrong == []


@pytest.mark.parametrize("sheet", ALL, ids=str)
def test_a_page_in_english_has_no_dutch_left(sheet: Sheet, visit: Visit, place: Place) -> None:
    page = visit(sheet.path_in(place.town), sheet.name, language="en", width=360)

    texts = set(page.evaluate(READ_TEXTS)) - NAMES_OF_LANGUAGES

    assert page.locator("html").get_attribute("lang") == "en"
    if sheet.has_dutch_names:
        assert [text for text in sorted(texts & DUTCH) if " " in text or text[0].isupper()] == []
    else:
        assert sorted(texts & DUTCH) == []
        assert [text for text in texts if STOP_WORDS.search(text)] == []
    assert wrong_to_axe(page) == []


@pytest.mark.parametrize("sheet", DARK, ids=str)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_in_the_dark_is_as_readable(
    sheet: Sheet, width: int, visit: Visit, place: Place
) -> None:
    page = visit(sheet.path_in(place.town), sheet.name, is_dark=True, width=width)

    assert wrong_to_axe(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("sheet", [DIRECTORY[0], ANYONE[4], MEMBER[4], ADMIN[4]], ids=str)
def test_the_keyboard_comes_by_the_skip_link_and_sees_where_it_is(
    sheet: Sheet, visit: Visit, place: Place
) -> None:
    page = visit(sheet.path_in(place.town), sheet.name)

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    shown = page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    outlines = []
    for _ in range(12):
        page.keyboard.press("Tab")
        outlines.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))

    assert (first, shown) == ("#inhoud", True)
    assert set(outlines) == {"solid"}


def test_the_skip_link_leads_to_the_content(visit: Visit) -> None:
    page = visit("/forum")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null") is True
