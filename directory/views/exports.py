"""The directory to take away."""

from flask import Response

from directory.services.exports import EXPORTS, export_directory
from directory.views.blueprint import blueprint

ATTACHED = frozenset(["csv", "yaml"])


@blueprint.get("/gids.<any(yaml, csv, jsonld, opml):name>")
def download_directory(name: str) -> Response:
    """Send all public listings as a file."""
    return _answer(name, f"gids.{name}")


@blueprint.get("/onderwerpen.jsonld")
def download_topics() -> Response:
    """Send the topics as a SKOS concept scheme."""
    return _answer("skos", "onderwerpen.jsonld")


def _answer(name: str, filename: str) -> Response:
    response = Response(export_directory(name), content_type=_content_type(name))
    if name in ATTACHED:
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return response


def _content_type(name: str) -> str:
    media_type = EXPORTS[name].media_type
    return media_type if media_type.endswith("+json") else f"{media_type}; charset=utf-8"
