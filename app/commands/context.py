"""What every command needs: the application, and clear errors instead of tracebacks."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.commands.serve import expected_revision
from app.core.db import db, session
from app.core.errors import AppError, InvalidInputError
from app.core.log import set_up_logging
from app.core.outgoing import close_http_client
from app.core.settings import SettingsError, load_settings
from app.core.site import check_base_url, find_revision
from app.factory import create_app

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def command_context() -> Iterator[Flask]:
    """Give the application of the configured data, inside its context."""
    set_up_logging()
    settings = load_settings()
    path = settings.sqlite_path
    if path is not None and not path.is_file():
        raise SettingsError(f"there is no database at {path}; run: verbindplaats init")
    app = create_app(settings)
    with app.app_context(), app.test_request_context(base_url=settings.base_url):
        try:
            if find_revision() != expected_revision():
                raise SettingsError("the database is not ready; run: verbindplaats init")
            check_base_url(settings.base_url)
            yield app
        finally:
            close_http_client(app)
            session().close()
            db.engine.dispose()


def read_text() -> str:
    """Return what comes on standard input; raises InvalidInputError when it is not UTF-8."""
    try:
        return sys.stdin.buffer.read().decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InvalidInputError("stdin", "the text must be UTF-8") from error


def explains_errors(function: Callable[P, R]) -> Callable[P, R]:
    """Print in one line on standard error what went wrong, and end with status 1."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except AppError as error:
            field = getattr(error, "field", None)
            text = error.text if field is None else f"{field}: {error.text}"
            _complain(text + (f" ({error.cause})" if error.cause else ""))
        except DBAPIError as error:
            _complain(f"the database says: {error.orig}")
        except (SettingsError, OSError) as error:
            _complain(str(error))
        sys.exit(1)

    return wrapped


def _complain(text: str) -> None:
    click.echo(f"error: {' '.join(text.split())}", err=True)
