"""On a phone: what opens, long words and tables stay where they can be seen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.accounts.models.account import Account
from app.accounts.queries import find_local_account
from app.forum.queries.communities import find_community
from tests.browser.conftest import Place
from tests.support.browser import Site
from tests.support.factories import make_post

Visit = Callable[..., Page]
MENUS = "main details.menu"
HIDDEN_PARTS = """() => [...document.querySelectorAll(".scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth).length"""


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("name", ["anna", "bram", "dirk"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_an_opened_menu_is_whole_on_the_screen(
    name: str, width: int, visit: Visit, place: Place
) -> None:
    page = visit(place.town.question, name, width=width)
    menus = page.locator(MENUS)

    sides = []
    for number in range(min(menus.count(), 4)):
        menu = menus.nth(number)
        menu.locator("summary").click()
        box = menu.locator(".menu-list").bounding_box()
        assert box is not None
        sides.append((box["x"], box["x"] + box["width"]))
        page.keyboard.press("Escape")

    assert len(sides) > 1
    assert [side for side in sides if side[0] < 0 or side[1] > width] == []
    assert overflow(page) == 0


def write_long_word(site: Site) -> str:
    """Let bram write a word that fits on no phone; return the path of his post."""

    def write() -> str:
        bram, group = find_local_account("bram"), find_community("assessment")
        assert isinstance(bram, Account)
        assert group is not None
        return f"/post/{make_post(group, bram, 'A long word', 'verantwoordelijk' * 12).public_id}"

    return site.ask(write)


def test_a_long_word_makes_no_page_wider_than_the_phone(visit: Visit, place: Place) -> None:
    post = write_long_word(place.town.site)

    wide = {
        path: overflow(visit(path, "bram", width=320))
        for path in (post, f"{post}/bewerken", f"{post}/antwoord")
    }

    assert set(wide.values()) == {0}


@pytest.mark.parametrize("width", [320, 390, 480, 720, 1280])
def test_the_crossing_says_that_it_slides_when_it_does(width: int, visit: Visit) -> None:
    page = visit("/matrix", width=width)

    slides = page.evaluate(HIDDEN_PARTS) == 1

    assert page.locator(".matrix-hint").is_visible() is slides


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/status", ""),
        ("/nieuws/bronnen", ""),
        ("/beheer/mensen", "anna"),
        ("/beheer/uitnodigingen", "anna"),
        ("/beheer/servers", "anna"),
        ("/beheer/bezorging", "anna"),
    ],
)
def test_tables_become_cards_that_hide_nothing(
    path: str, name: str, visit: Visit, place: Place
) -> None:
    if "uitnodigingen" in path:
        place.town.site.invite()

    page = visit(path, name, width=320)

    assert page.evaluate(HIDDEN_PARTS) == 0


def test_a_card_names_no_action_where_there_is_none(visit: Visit) -> None:
    page = visit("/beheer/mensen", "anna", width=390)
    cards = page.locator("main tbody tr")

    own = cards.filter(has=page.locator("a[href='/u/anna']")).locator("td[data-label=Doen]")
    other = cards.filter(has=page.locator("a[href='/u/bram']")).locator("td[data-label=Doen]")

    assert (own.is_visible(), other.is_visible()) == (False, True)
