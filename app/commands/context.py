"""What every command needs: the application, and clear errors instead of tracebacks."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import click
from flask import Flask

from app.core.db import db, session
from app.core.errors import AppError
from app.core.log import set_up_logging
from app.core.settings import SettingsError, load_settings
from app.core.site import check_base_url
from app.factory import create_app

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def command_context() -> Iterator[Flask]:
    """Give the application of the configured data, inside its context."""
    set_up_logging()
    settings = load_settings()
    app = create_app(settings)
    with app.app_context(), app.test_request_context(base_url=settings.base_url):
        try:
            check_base_url(settings.base_url)
            yield app
        finally:
            session().close()
            db.engine.dispose()


def explains_errors(function: Callable[P, R]) -> Callable[P, R]:
    """Print what went wrong on standard error and end with status 1."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except AppError as error:
            field = getattr(error, "field", None)
            text = error.text if field is None else f"{field}: {error.text}"
            click.echo(f"error: {text}" + (f" ({error.cause})" if error.cause else ""), err=True)
        except SettingsError as error:
            click.echo(f"error: {error}", err=True)
        sys.exit(1)

    return wrapped
