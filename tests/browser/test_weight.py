"""What a first visit costs: kilobytes on the wire and requests, as experience promises."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import Place
from tests.browser.pages import Sheet
from tests.support.town import LISTING

Visit = Callable[..., Page]
KB = 1024


@dataclass(frozen=True)
class Budget:
    """The most a page may cost; sizes are of gzip, in bytes."""

    sheet: Sheet
    html: int
    total: int
    requests: int = 8

    def __str__(self) -> str:
        return str(self.sheet)


ASSETS = 24 * KB
LISTS = [
    Budget(Sheet(path), 14 * KB, 60 * KB)
    for path in ("/", "/forum", "/c/assessment", "/netwerken", "/nieuws", "/mensen", "/matrix")
]
ENTRIES = [
    Budget(Sheet(path), 12 * KB, 50 * KB) for path in (f"/gids/{LISTING}", "/u/bram", ":question")
]
LONG_LISTS = [Budget(Sheet(path), 14 * KB, 60 * KB) for path in ("/onderzoek", "/bronnen")]
BUDGETS = [
    *LISTS,
    *ENTRIES,
    *LONG_LISTS,
    Budget(Sheet(":long"), 30 * KB, 75 * KB, 10),
    Budget(Sheet("/nieuw", "bram"), 12 * KB, 45 * KB, 7),
]


def size(response: Response) -> int:
    return len(gzip.compress(response.body(), 6))


def answers_of(page: Page, path: str) -> list[Response]:
    """Go to a page; return all the answers it took."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    return answers


@pytest.mark.parametrize("budget", BUDGETS, ids=str)
def test_a_first_visit_stays_within_its_budget(budget: Budget, visit: Visit, place: Place) -> None:
    page = visit("about:blank", budget.sheet.name)

    answers = answers_of(page, budget.sheet.path_in(place.town))

    sizes = {answer.url: size(answer) for answer in answers}
    html = sizes[page.url]

    assert html <= budget.html
    assert sum(sizes.values()) - html <= ASSETS
    assert sum(sizes.values()) <= budget.total
    assert len(answers) <= budget.requests


def test_styles_scripts_and_icons_travel_compressed_and_once(visit: Visit) -> None:
    answers = answers_of(visit("about:blank"), "/forum")

    fixed = [one for one in answers if "/static/" in one.url]

    assert len(fixed) >= 2
    assert [one.url for one in fixed if "immutable" not in one.headers["cache-control"]] == []
    assert [one.url for one in fixed if "content-encoding" not in one.headers] == []
