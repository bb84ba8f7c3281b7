"""The list of people: who knows something about what."""

from typing import Any

from flask import render_template, request, url_for

from app.accounts.models.account import Account
from app.accounts.queries import PeopleQuestion, list_people
from app.accounts.views.blueprint import blueprint
from app.core.pages import page_request

MAX_QUESTION = 200
TERMS_IN_ROW = 5
FIELDS = ("q", "expertise", "organisatie")


def _topics(person: Account) -> list[tuple[str, str]]:
    """Return what somebody knows about, with the list of people who do too."""
    return [
        (term, url_for("accounts.show_people", expertise=term))
        for term in person.expertise[:TERMS_IN_ROW]
    ]


@blueprint.get("/mensen")
def show_people() -> str:
    """List people who want to be found, by words, expertise and organisation."""
    asked = {name: request.args.get(name, "").strip()[:MAX_QUESTION] for name in FIELDS}
    question = PeopleQuestion(
        words=asked["q"], expertise=asked["expertise"], organisation=asked["organisatie"]
    )
    page = list_people(question, page_request(request.args))
    given: dict[str, Any] = {name: text for name, text in asked.items() if text}
    return render_template(
        "accounts/people.html",
        found=[(person, _topics(person)) for person in page.items],
        asked=asked,
        is_filtered=bool(given),
        newer=url_for("accounts.show_people", na=page.newer, **given) if page.newer else "",
        older=url_for("accounts.show_people", voor=page.older, **given) if page.older else "",
    )
