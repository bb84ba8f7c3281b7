"""Is the server alive: answers on any Host name, reads one row."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from app.core.db import session
from app.core.settings import SOFTWARE_VERSION

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def show_health() -> Response:
    """Return 200 `{"status": "ok"}` when the database answers."""
    session().execute(text("SELECT 1"))
    response = jsonify(status="ok", version=SOFTWARE_VERSION)
    response.headers["Cache-Control"] = "no-store"
    return response
