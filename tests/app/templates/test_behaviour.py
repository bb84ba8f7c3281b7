"""The pages in Chromium: what the scripts add, what works without them, what axe says."""

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, redirect, render_template_string, request
from flask_wtf import FlaskForm
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired

from tests.support.chromium import CHROMIUM

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
SAMPLE = (Path(__file__).parent / "sample.html").read_text("utf-8")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
]


class AnswerForm(FlaskForm):
    title = StringField("Titel", [DataRequired("Vul een titel in.")])
    body = TextAreaField("Jouw antwoord")


class Sample:
    """A page with one of each, its vote and its form, on a real server."""

    def __init__(self, site: Flask) -> None:
        self.votes = 4
        self.voted = False
        self.sent: list[str] = []
        site.add_url_rule("/sample", "sample", self.show)
        site.add_url_rule("/stem", "vote", self.vote, methods=["POST"])
        site.add_url_rule("/plaats", "answer", self.answer, methods=["POST"])
        site.view_functions["security.logout"] = lambda: redirect("/sample", 303)
        site.add_url_rule("/uit", "security.logout", methods=["POST"])
        site.after_request(self.guard)
        self.server = make_server("127.0.0.1", 0, site, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}/sample"

    def show(self) -> str:
        return self._page(AnswerForm(formdata=None))

    def vote(self) -> object:
        self.voted = request.form["on"] == "1"
        self.votes += 1 if self.voted else -1
        return redirect("/sample", 303)

    def answer(self) -> object:
        self.sent.append(request.form["body"])
        form = AnswerForm()
        if form.validate():
            return redirect("/sample?geplaatst", 303)
        return self._page(form), 422

    def guard(self, response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    def _page(self, form: AnswerForm) -> str:
        return render_template_string(SAMPLE, form=form, votes=self.votes, voted=self.voted)


@pytest.fixture
def sample(site: Flask, context: dict[str, object]) -> Iterator[Sample]:
    context.update(current_account=SimpleNamespace(name="anna", display_name="Anna Voorbeeld"))
    made = Sample(site)
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def page(chromium: Browser, sample: Sample) -> Iterator[Page]:
    tab = chromium.new_page()
    tab.set_default_timeout(5000)
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda line: wrong.append(line.text) if "Policy" in line.text else None)
    tab.goto(sample.url)
    yield tab
    tab.close()
    assert wrong == []


def _drafts(page: Page) -> int:
    names = page.evaluate("Object.keys(localStorage)")
    return sum(name.startswith("draft:") for name in names)


def test_a_vote_changes_in_place_and_keeps_the_focus(page: Page):
    page.evaluate("window.stayed = true")

    page.click("#v1 button")
    page.wait_for_selector("#v1 button[aria-pressed=true]")

    assert page.inner_text("#v1 .num") == "5"
    assert page.evaluate("window.stayed") is True
    assert page.evaluate("document.activeElement.closest('#v1') !== null") is True


def test_a_vote_works_without_script(chromium: Browser, sample: Sample):
    with chromium.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(sample.url)

        tab.click("#v1 button")
        tab.wait_for_selector("#v1 button[aria-pressed=true]")

        assert sample.votes == 5


def test_keys_lead_through_the_page_and_leave_typing_alone(page: Page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("/")
    page.keyboard.type("j/?")

    assert first == "Eerste vraag"
    assert page.input_value("#q") == "j/?"
    assert page.locator("dialog[open]").count() == 0


def test_the_list_of_keys_opens_and_can_turn_them_off(page: Page):
    page.keyboard.press("Shift+?")
    page.click("label[for=shortcuts-on]")
    page.click("dialog[open] button")
    page.keyboard.press("Shift+?")
    opened_by_key = page.locator("dialog[open]").count()
    page.click("[data-shortcuts]")

    assert opened_by_key == 0
    assert page.locator("dialog[open]").count() == 1


def test_escape_closes_a_menu_and_returns_to_its_button(page: Page):
    page.click(".account-menu summary")
    page.keyboard.press("Tab")

    page.keyboard.press("Escape")

    assert not page.is_visible(".account-menu .menu-list")
    assert page.evaluate("document.activeElement.localName") == "summary"


def test_what_was_typed_is_there_again_and_can_be_wiped(page: Page, sample: Sample):
    page.fill("#body", "half antwoord")
    page.goto(sample.url)
    restored = page.input_value("#body")
    told = page.is_visible("[data-restored]")

    page.click("[data-forget]")

    assert (restored, told) == ("half antwoord", True)
    assert page.input_value("#body") == ""
    assert _drafts(page) == 0


def test_a_draft_stays_when_the_form_is_refused_and_goes_when_it_is_taken(page: Page):
    page.fill("#body", "mijn antwoord")
    page.click("[action='/plaats'] .primary")
    page.wait_for_selector("[data-error-summary]:focus")
    after_refusal = (page.input_value("#body"), _drafts(page))

    page.fill("#title", "Titel")
    page.click("[action='/plaats'] .primary")
    page.wait_for_url("**geplaatst")

    assert after_refusal == ("mijn antwoord", 1)
    assert page.input_value("#body") == ""
    assert _drafts(page) == 0


def test_a_draft_is_forgotten_when_its_writer_signs_out(page: Page):
    page.fill("#body", "van mij")
    page.click(".account-menu summary")

    page.click(".account-menu form button")
    page.wait_for_load_state()

    assert _drafts(page) == 0


def test_a_form_is_sent_once_however_often_its_button_is_pressed(page: Page, sample: Sample):
    page.fill("#title", "Titel")

    page.evaluate("f = document.forms.answer; f.requestSubmit(); f.requestSubmit()")
    page.wait_for_url("**geplaatst")

    assert len(sample.sent) == 1


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_sticks_out_of_the_page(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})

    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert over <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_in_either_theme(page: Page, scheme: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way

    found = Axe().run(page).response["violations"]

    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []
