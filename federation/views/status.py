"""How the exchange with other servers goes, for everybody to see."""

from flask import render_template

from federation.models.peer_queries import list_peer_states
from federation.views.blueprint import blueprint


@blueprint.get("/status")
def show_status() -> str:
    """One line per server: what it runs, when it last answered, how much waits for it."""
    return render_template("federation/status.html", peers=list_peer_states())
