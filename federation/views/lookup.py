"""Finding a group, a person or a post on another server by its address."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.current import login_required, require_account
from app.core.csrf import token_required
from app.core.db import unit_of_work
from app.core.errors import NotFoundError, UnavailableError
from app.core.rate_limit import limiter
from federation.dereference.lookup import find_known
from federation.dereference.lookup_rows import ask_elsewhere, find_elsewhere, find_lookup
from federation.models.lookup import LookupState
from federation.views.blueprint import blueprint
from federation.views.subjects import Thing, page_of

PER_PERSON: Final = "20 per minute"
MAX_LENGTH: Final = 600
# Each may wait long for another server; the other threads go on serving pages.
SLOTS: Final = BoundedSemaphore(2)


@blueprint.post("/opzoeken")
@login_required
@limiter.limit(PER_PERSON)
@token_required
def look_up() -> Response | BaseResponse:
    """Show our page of what `q` stands for; what is not known yet is looked for meanwhile."""
    question = request.form.get("q", "").strip()[:MAX_LENGTH]
    try:
        known = find_known(question)
    except NotFoundError as error:
        return _say_not_found(question, error.text)
    if known is not None:
        return redirect(page_of(known), code=303)
    with unit_of_work():
        public_id = ask_elsewhere(require_account(), question).public_id
    return redirect(url_for("federation.show_lookup", public_id=public_id), code=303)


@blueprint.get("/opzoeken/<public_id>")
@login_required
def show_lookup(public_id: str) -> str | Response | BaseResponse:
    """Show how far a search on another server is, and lead to what it found."""
    row = find_lookup(public_id, require_account())
    if row is None:
        raise NotFoundError(_("Deze zoekvraag is er niet meer."))
    found = None
    if row.state == LookupState.FOUND and row.found_uri is not None:
        found = find_known(row.found_uri)
    if found is not None:
        return redirect(page_of(found), code=303)
    return render_template("federation/lookup.html", lookup=row)


def _say_not_found(question: str, text: str) -> BaseResponse:
    flash(text or _("Op dit adres is niets gevonden."), "error")
    return redirect(url_for("search.show_search", q=question), code=303)


@contextmanager
def in_turn() -> Iterator[None]:
    """Be one of the few who may wait for another server; raises UnavailableError when all do."""
    if not SLOTS.acquire(blocking=False):
        raise UnavailableError(_("Probeer het over een minuut opnieuw."))
    try:
        yield
    finally:
        SLOTS.release()


def find_in_turn(question: str) -> Thing:
    """Return what a handle or an address stands for; raises NotFoundError or UnavailableError."""
    with in_turn():
        return find_elsewhere(question)
