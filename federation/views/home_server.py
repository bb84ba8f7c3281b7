"""A reader without an account here goes on at the own server: follow, answer, find useful.

Nobody is sent anywhere unseen: the address that the reader's server names is shown with its host,
as a plain link (security.md A082; no open redirect).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import remember_in_cookie, require_same_site
from app.core.addresses import is_local_host
from app.core.errors import AppError, NotFoundError, UnavailableError
from app.core.rate_limit import limiter
from app.core.settings import Federation, current_settings
from app.moderation.queries import is_host_refused
from federation.discovery.intents import Home, Wish, find_address, read_home
from federation.errors import FederationError, MalformedError
from federation.errors import UnavailableError as PeerUnavailableError
from federation.models.peer_queries import find_software_of
from federation.transport.client import activity_client
from federation.views.blueprint import blueprint
from federation.views.forms import HomeServerForm
from federation.views.lookup import in_turn
from federation.views.subjects import Subject, describe, get_open
from federation.vocab.origin import host_of

COOKIE: Final = "thuisserver"
PER_READER: Final = "20 per minute; 100 per hour"
ACTORS: Final = frozenset({"community", "person"})
WRONG_INPUT: Final = 422


@dataclass(frozen=True)
class _Errand:
    """What somebody wants to do with what."""

    subject: Subject
    wish: Wish


@blueprint.app_context_processor
def offer_home_server() -> dict[str, str]:
    """Give every page the server that this reader named before, "" when none."""
    return {"home_server": _remembered()}


@blueprint.get("/vanaf-je-server")
def show_home_server() -> str:
    """Ask on which server the reader has an account."""
    errand = _read_errand(request.args)
    return _page(errand, HomeServerForm(formdata=None, server=_remembered()))


@blueprint.post("/vanaf-je-server")
@limiter.limit(PER_READER)
def find_home_server() -> Response | tuple[str, int]:
    """Ask that server where the reader goes on, and show the way there."""
    require_same_site()
    errand = _read_errand(request.form)
    if "vergeet" in request.form:
        return _forget(errand)
    form = HomeServerForm()
    if form.validate():
        try:
            home = _read_home(form.server.data or "")
            address = _find_in_turn(home, errand)
        except AppError as error:
            form.server.errors = [error.text]
        else:
            answer = make_response(_page(errand, form, address))
            remember_in_cookie(answer, COOKIE, home.text)
            return answer
    return _page(errand, form), WRONG_INPUT


def _read_errand(given: Mapping[str, str]) -> _Errand:
    """Return what is wanted; a wish that does not fit the thing becomes the usual one."""
    if current_settings().federation == Federation.OFF:
        raise NotFoundError(_("Deze server wisselt niets uit met andere servers."))
    subject = describe(get_open(given.get("uri", "")))
    wish = given.get("doe")
    if subject.kind in ACTORS:
        return _Errand(subject, Wish.FOLLOW)
    return _Errand(subject, Wish.VOTE if wish == Wish.VOTE else Wish.ANSWER)


def _read_home(text: str) -> Home:
    try:
        home = read_home(text)
    except MalformedError as error:
        problem = _("Dit is geen adres. Vul iets in als @ik@mijn.server of mijn.server.")
        raise NotFoundError(problem) from error
    if is_local_host(home.host):
        raise NotFoundError(_("Dat is deze server. Log in, dan kan het hier."))
    if is_host_refused(home.host):
        raise NotFoundError(_("Met deze server wisselen we niets uit."))
    return home


def _find_in_turn(home: Home, errand: _Errand) -> str:
    """Ask the other server, as one of few who may wait for one."""
    with in_turn():
        software = find_software_of(home.host)
        client = activity_client()
        try:
            return find_address(client, home, errand.wish, errand.subject.uri, software)
        except PeerUnavailableError as error:
            problem = _("%(server)s antwoordt nu niet. Klopt de naam?", server=home.host)
            raise UnavailableError(problem) from error
        except FederationError as error:
            problem = _("%(address)s is daar niet bekend. Klopt het adres?", address=home.text)
            raise NotFoundError(problem) from error


def _page(errand: _Errand, form: HomeServerForm, address: str = "") -> str:
    return render_template(
        "federation/home_server.html",
        subject=errand.subject,
        wish=errand.wish,
        form=form,
        address=address,
        address_host=host_of(address) if address else "",
        is_remembered=bool(_remembered()),
    )


def _forget(errand: _Errand) -> Response:
    url = url_for("federation.show_home_server", uri=errand.subject.uri, doe=errand.wish)
    answer = redirect(url, code=303)
    answer.delete_cookie(COOKIE)
    return answer


def _remembered() -> str:
    """Return the server in the cookie as somebody would type it; "" for whatever else is there."""
    try:
        return read_home(request.cookies[COOKIE]).text
    except (KeyError, MalformedError):
        return ""
