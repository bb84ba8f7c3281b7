"""For administrators: how the exchange with each server goes, and what became of each delivery."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.current import admin_required
from app.core.csrf import token_required
from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.core.server_notices import add_server_notice
from federation.models.delivery import Delivery
from federation.models.delivery_queries import find_delivery, list_failed, list_waiting
from federation.models.peer import Dialect, Peer
from federation.models.peer_queries import find_peer, find_peer_state, list_peer_states
from federation.outbound import steering
from federation.views.blueprint import blueprint


@blueprint.get("/beheer/bezorging")
@admin_required
def show_servers() -> str:
    """List the servers we exchange with: how late, what waits, what they refuse."""
    return render_template("federation/servers.html", peers=list_peer_states())


@blueprint.get("/beheer/bezorging/<host>")
@admin_required
def show_server(host: str) -> str:
    """Show what waits for one server and what failed there, attempt by attempt."""
    state = find_peer_state(host)
    if state is None:
        raise NotFoundError(_("Deze server kennen we niet."))
    return render_template(
        "federation/server.html",
        peer=state,
        waiting=list_waiting(host),
        failed=list_failed(host),
        dialects=(Dialect.FORUM, Dialect.MICROBLOG),
    )


@blueprint.post("/beheer/bezorging/<host>/opnieuw")
@admin_required
@token_required
def retry_server(host: str) -> Response:
    """Try everything that waits for a server now."""
    with unit_of_work():
        steering.retry_host(_get_peer(host))
    flash(_("We proberen het nu opnieuw."), "success")
    return _back_to(host)


@blueprint.post("/beheer/bezorging/<host>/soort")
@admin_required
@token_required
def set_server_dialect(host: str) -> Response:
    """Say in which form a server gets things."""
    wanted = request.form.get("dialect", "")
    with unit_of_work():
        is_known = wanted in (Dialect.FORUM, Dialect.MICROBLOG)
        steering.set_dialect(_get_peer(host), Dialect(wanted) if is_known else None)
    flash(_("Je keuze is opgeslagen."), "success")
    return _back_to(host)


@blueprint.post("/beheer/bericht/<int:row_id>/opnieuw")
@admin_required
@token_required
def retry_delivery(row_id: int) -> Response:
    """Try one delivery now."""
    return _steer(row_id, steering.retry_delivery, _("We proberen het nu opnieuw."))


@blueprint.post("/beheer/bericht/<int:row_id>/laten-vallen")
@admin_required
@token_required
def drop_delivery(row_id: int) -> Response:
    """Give one delivery up."""
    return _steer(row_id, steering.drop_delivery, _("Dit bericht gaat niet meer naar die server."))


def _steer(row_id: int, act: Callable[[Delivery], None], done: str) -> Response:
    with unit_of_work():
        delivery = _get_delivery(row_id)
        act(delivery)
    flash(done, "success")
    return _back_to(delivery.host)


def _back_to(host: str) -> Response:
    return redirect(url_for("federation.show_server", host=host), code=303)


def _get_peer(host: str) -> Peer:
    peer = find_peer(host)
    if peer is None:
        raise NotFoundError(_("Deze server kennen we niet."))
    return peer


def _get_delivery(row_id: int) -> Delivery:
    delivery = find_delivery(row_id)
    if delivery is None:
        raise NotFoundError(_("Dit bericht bestaat niet meer."))
    return delivery


def render_refusing() -> Markup:
    """Return a line about servers that refuse nearly all we send, and the way to the list."""
    hosts = [peer.host for peer in list_peer_states() if peer.refuses_all]
    return Markup(render_template("federation/_deliveries_notice.html", hosts=hosts))  # noqa: S704  the template escapes


@blueprint.record
def _on_registration(_state: BlueprintSetupState) -> None:
    add_server_notice("deliveries", render_refusing)
