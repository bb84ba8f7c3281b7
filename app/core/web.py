"""What every page gets: template globals and filters, request id, security headers."""

import secrets
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from flask import Flask, Request, Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, get_locale, gettext, ngettext
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import MapAdapter

from app.core.clock import utcnow
from app.core.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
ZONE: Final = ZoneInfo("Europe/Amsterdam")
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86400
DAYS_SHOWN_RELATIVE: Final = 7
HSTS: Final = "max-age=31536000; includeSubDomains"


def for_programs(function: F) -> F:
    """Mark a view that only programs call, or what also runs before or after such a view.

    Who sends hundreds of requests a second has no session, no forms and no language; what stands
    around a page for those is left out, which is a third of Flask's work.
    """
    function.is_for_programs = True  # type: ignore[attr-defined]
    return function


def _is_for_programs(function: object) -> bool:
    return getattr(function, "is_for_programs", False)


class Site(Flask):
    """An application with one address: what a request calls its host goes nowhere (C008, G023).

    Redirects and absolute links are made from the configured address, so a forged Host header can
    neither send a reader elsewhere nor get into a page or a mail. Views for programs get by with
    less around them.
    """

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Run what comes before a view."""
        if not self._is_asked_by_program():
            return super().preprocess_request()
        for function in filter(_is_for_programs, self.before_request_funcs.get(None, ())):
            function()
        return None

    def process_response(self, response: Response) -> Response:
        """Run what comes after a view."""
        if not self._is_asked_by_program():
            return super().process_response(response)
        for function in filter(_is_for_programs, self.after_request_funcs.get(None, ())):
            function(response)
        return response

    def _is_asked_by_program(self) -> bool:
        return _is_for_programs(self.view_functions.get(request.endpoint or ""))

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return the routes of a request, at our own address whatever its Host header says."""
        if request is None:
            return super().create_url_adapter(request)
        settings: Settings = self.config["VERBINDPLAATS"]
        scheme = "https" if settings.is_https else "http"
        ours = {**request.environ, "HTTP_HOST": settings.host, "wsgi.url_scheme": scheme}
        return self.url_map.bind_to_environ(ours, subdomain="")


def relative_time(when: datetime) -> str:
    """Return "3 uur geleden" for what is recent, the date for what is not."""
    seconds = int((utcnow() - when).total_seconds())
    if seconds < MINUTE:
        return str(gettext("zojuist"))
    if seconds < HOUR:
        minutes = seconds // MINUTE
        return str(ngettext("%(num)d minuut geleden", "%(num)d minuten geleden", minutes))
    if seconds < DAY:
        hours = seconds // HOUR
        return str(ngettext("%(num)d uur geleden", "%(num)d uur geleden", hours))
    days = seconds // DAY
    if days < DAYS_SHOWN_RELATIVE:
        return str(ngettext("gisteren", "%(num)d dagen geleden", days))
    return local_date(when)


def local_date(when: datetime) -> str:
    """Return "23 november 2026", as the clock in Amsterdam says."""
    return str(format_datetime(when.astimezone(ZONE), "d MMMM yyyy", rebase=False))


def local_datetime(when: datetime) -> str:
    """Return "23 november 2026, 14.30 uur" ("23 November 2026, 14:30" in English)."""
    english = str(get_locale() or "nl").startswith("en")
    pattern = "d MMMM yyyy, HH:mm" if english else "d MMMM yyyy, HH.mm 'uur'"
    return str(format_datetime(when.astimezone(ZONE), pattern, rebase=False))


@for_programs
def _set_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault(
        "Permissions-Policy", "interest-cohort=(), geolocation=(), camera=()"
    )
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    response.vary.add("Accept")
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


@for_programs
def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _refuse_nul() -> None:
    """No text of ours holds a NUL and PostgreSQL stores none: not in addresses, not in forms."""
    if "\0" in request.path:
        abort(HTTPStatus.NOT_FOUND)
    if any("\0" in value for value in request.args.values()):
        abort(HTTPStatus.BAD_REQUEST)
    is_form = request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}
    if is_form and any("\0" in value for values in request.form.listvalues() for value in values):
        abort(HTTPStatus.BAD_REQUEST)


def _compiled_templates(settings: Settings) -> FileSystemBytecodeCache | None:
    """Return where compiled templates are kept; making them anew would take a third of a start."""
    folder = settings.data_dir / "cache" / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None  # a data directory that cannot be written to: they are made at every start
    return FileSystemBytecodeCache(str(folder))


def install_web(app: Flask, settings: Settings) -> None:
    """Register globals, filters and headers."""
    app.jinja_env.globals["settings"] = settings
    app.jinja_env.filters.update(
        reltime=relative_time, datetime_nl=local_datetime, date_nl=local_date
    )
    app.jinja_env.bytecode_cache = _compiled_templates(settings)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.before_request(_name_request)
    app.before_request(_refuse_nul)
    app.after_request(_set_headers)
