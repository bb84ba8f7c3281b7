"""Finding a group, a person or a post on another server by its address."""

from threading import BoundedSemaphore
from typing import Final

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.current import login_required
from app.core.csrf import csrf
from app.core.errors import NotFoundError, UnavailableError
from app.core.rate_limit import limiter
from federation.dereference.lookup import look_up_actor, look_up_posted
from federation.views.blueprint import blueprint
from federation.views.subjects import Thing, page_of

PER_PERSON: Final = "20 per minute"
MAX_LENGTH: Final = 600
# Each may wait long for another server; the other threads go on serving pages.
SLOTS: Final = BoundedSemaphore(2)


@blueprint.post("/opzoeken")
@login_required
@limiter.limit(PER_PERSON)
def look_up() -> Response | BaseResponse:
    """Fetch what stands at the address `q` and show our page of it."""
    csrf.protect()  # the other endpoints of this blueprint are for machines and exempt
    question = request.form.get("q", "").strip()[:MAX_LENGTH]
    try:
        return redirect(page_of(find_in_turn(question)), code=303)
    except (NotFoundError, UnavailableError) as error:
        flash(error.text or _("Op dit adres is niets gevonden."), "error")
        return redirect(url_for("search.show_search", q=question), code=303)


def find_in_turn(question: str) -> Thing:
    """Return what a handle or an address stands for, as one of few who may wait for a server.

    Raises NotFoundError or UnavailableError.
    """
    if not SLOTS.acquire(blocking=False):
        raise UnavailableError(_("Probeer het over een minuut opnieuw."))
    try:
        return _find(question)
    finally:
        SLOTS.release()


def _find(question: str) -> Thing:
    if question.lower().startswith(("http://", "https://")):
        try:
            return look_up_posted(question)
        except NotFoundError:
            return look_up_actor(question)
    return look_up_actor(question)
