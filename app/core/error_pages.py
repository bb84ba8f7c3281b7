"""Every error becomes a page in the site's look, or problem+json for machines (RFC 9457)."""

import errno
import logging
from http import HTTPStatus
from typing import Final, cast

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.core.errors import AppError, SignInNeededError
from app.core.negotiation import wants_activity

log = logging.getLogger(__name__)
RETRY_AFTER = "60"
DISK_TROUBLE = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES, errno.EIO})
# Without language or look, for when neither can be had.
BARE_PAGE: Final = (
    '<!doctype html>\n<html lang="nl">\n<meta charset="utf-8">\n<title>Er ging iets mis</title>\n'
    "<main><h1>Er ging iets mis</h1>\n<p>Het ligt aan ons. Probeer het later opnieuw.</p></main>\n"
    "</html>\n"
)


def _wants_json() -> bool:
    if request.path.startswith(("/inbox", "/.well-known/", "/nodeinfo", "/api/", "/activities/")):
        return True
    return wants_activity(request) or request.path.endswith("/inbox")


def error_texts(status: int) -> tuple[str, str]:
    """Return the title and the advice for a status, in the reader's language."""
    known = {
        400: (_("Dit verzoek klopt niet"), _("Ga terug en probeer het opnieuw.")),
        403: (_("Dit mag je niet"), _("Vraag een beheerder als je denkt dat dit niet klopt.")),
        404: (
            _("Deze pagina bestaat niet"),
            _("Het adres klopt niet, of de pagina is weggehaald. Zoek het op."),
        ),
        405: (_("Dit kan hier niet"), _("Ga terug en probeer het opnieuw.")),
        410: (_("Deze pagina is weg"), _("Wat hier stond is weggehaald.")),
        413: (_("Dit is te groot"), _("Maak je bericht of bestand kleiner.")),
        429: (
            _("Even rustig aan"),
            _("Je vraagt veel in korte tijd. Wacht even en probeer het opnieuw."),
        ),
        503: (_("Even niet beschikbaar"), _("Probeer het over een minuut opnieuw.")),
    }
    if status in known:
        return known[status]
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return known[400]
    return _("Er ging iets mis"), _("Het ligt aan ons. Probeer het later opnieuw.")


def error_response(status: int, text: str | None = None) -> Response:
    """Return the answer for `status`; `text` replaces the standard advice and is safe to show."""
    try:
        response = _described(status, text)
    except Exception:  # what broke the request may break its page too: no database, no language
        if current_app.testing:
            raise
        log.exception("the page for status %s could not be made", status)
        response = Response(BARE_PAGE, mimetype="text/html")
    response.status_code = status
    return response


def _described(status: int, text: str | None) -> Response:
    title, advice = error_texts(status)
    if _wants_json():
        response = jsonify(title=HTTPStatus(status).phrase, status=status, detail=text or title)
        response.headers["Content-Type"] = "application/problem+json"
        return response
    page = render_template("errors/error.html", status=status, title=title, message=text or advice)
    return Response(page, mimetype="text/html")


def _on_app_error(error: AppError) -> BaseResponse:
    if isinstance(error, SignInNeededError) and not _wants_json():
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")), code=303)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s", error, exc_info=error)
    return error_response(int(error.status), error.text)


def _on_http_error(error: HTTPException) -> BaseResponse:
    if error.response is not None:
        return cast("BaseResponse", error.response)  # Flask only makes whole responses
    response = error_response(error.code or 500)
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after", "location"}:
            response.headers[name] = value
    return response


def _on_csrf_error(_error: CSRFError) -> BaseResponse:
    return error_response(
        400, _("Dit formulier is verlopen. Ga terug, ververs de pagina en probeer het opnieuw.")
    )


def _on_unexpected(error: Exception) -> BaseResponse:
    log.error("unexpected error in request %s", getattr(g, "request_id", "-"), exc_info=error)
    return error_response(500)


def _on_full_house(error: OperationalError | OSError) -> BaseResponse:
    """Say that it is not the reader: a locked or missing database, a full or read-only disk."""
    if isinstance(error, OSError) and error.errno not in DISK_TROUBLE:
        return _on_unexpected(error)
    log.error("nothing can be stored or read", exc_info=error)
    response = error_response(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def install_error_pages(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(AppError, _on_app_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    if not app.testing:
        app.register_error_handler(OperationalError, _on_full_house)
        app.register_error_handler(OSError, _on_full_house)
        app.register_error_handler(Exception, _on_unexpected)
