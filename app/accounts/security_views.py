"""Flask-Security's views with our guards around them: limits, even answering time, transactions."""

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from flask import current_app, request
from flask_security import views
from flask_security.change_email import change_email, change_email_confirm

from app.core.db import unit_of_work
from app.core.rate_limit import client_network, limiter

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[..., Any]

TRIES: Final = "20 per minute; 200 per hour"
REGISTRATIONS: Final = "10 per minute; 60 per hour"
MAILS: Final = "5 per minute; 30 per hour"
MAILS_TO_ONE: Final = "5 per hour"


def _address() -> str:
    """Return the e-mail address in the form, as the key of a limit."""
    return request.form.get("email", "").strip().lower()[:320] or client_network()


def steady(view: Callable[P, R]) -> Callable[P, R]:
    """Answer a POST after a whole number of steps, so that time does not tell who exists (G026)."""

    @wraps(view)
    def timed(*args: P.args, **kwargs: P.kwargs) -> R:
        step = float(current_app.config["SIGN_IN_STEP_SECONDS"])
        started = time.monotonic()
        answer = view(*args, **kwargs)
        if request.method == "POST" and step > 0:
            time.sleep(step - (time.monotonic() - started) % step)
        return answer

    return timed


def in_unit_of_work(view: Callable[P, R]) -> Callable[P, R]:
    """Keep all that the view writes, or nothing."""

    @wraps(view)
    def committed(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return view(*args, **kwargs)

    return committed


def _limited(view: View, *, by_network: str, by_address: str = "") -> View:
    guarded = limiter.limit(by_network, methods=["POST"])(view)
    if by_address:
        guarded = limiter.limit(by_address, key_func=_address, methods=["POST"])(guarded)
    return guarded


SECURITY_VIEWS: Final[Mapping[str, View]] = {
    "security.login": _limited(steady(views.login), by_network=TRIES, by_address=TRIES),
    "security.verify": _limited(steady(views.verify), by_network=TRIES),
    "security.register": _limited(
        steady(in_unit_of_work(views.register)), by_network=REGISTRATIONS
    ),
    "security.forgot_password": _limited(
        steady(views.forgot_password), by_network=MAILS, by_address=MAILS_TO_ONE
    ),
    "security.send_confirmation": _limited(
        steady(views.send_confirmation), by_network=MAILS, by_address=MAILS_TO_ONE
    ),
    "security.reset_password": _limited(in_unit_of_work(views.reset_password), by_network=TRIES),
    "security.confirm_email": in_unit_of_work(views.confirm_email),
    "security.change_password": _limited(in_unit_of_work(views.change_password), by_network=TRIES),
    "security.change_email": _limited(steady(change_email), by_network=MAILS),
    "security.change_email_confirm": in_unit_of_work(change_email_confirm),
}
