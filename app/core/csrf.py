"""Every form of ours carries a token; only signed machine requests are exempt."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_wtf.csrf import CSRFProtect

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()


def token_required(view: Callable[P, R]) -> Callable[P, R]:
    """Ask a token (400) for a form in a blueprint that is exempt, as its others are for machines.

    It goes below the guard that asks who is there: strangers are sent to the sign-in page first.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        csrf.protect()
        return view(*args, **kwargs)

    return guarded
