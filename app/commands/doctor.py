"""`verbindplaats doctor`: settings, and what is wrong with them or with this server."""

import dataclasses
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from flask import Flask
from kombu import Connection
from sqlalchemy import text

from app.commands.context import command_context
from app.core.db import session
from app.core.errors import AppError
from app.core.http_client import FetchLimits, HttpClient
from app.core.migrating import head_revision
from app.core.settings import Settings, SettingsError, load_settings
from app.core.tasks import CELERY_EXTENSION
from federation.errors import FederationError
from federation.models.peer_queries import count_deliveries
from federation.signatures.keys import KeyLockedError, sign_rsa, verify_rsa
from federation.transport.actors import find_actor, instance_signing_key, public_key_pem

SECRETS = {"secret_key", "mail_url", "oidc", "database_url", "broker_url", "redis_url"}
LEAST_FREE_BYTES = 500 * 1024 * 1024
SELF_LIMITS = FetchLimits(65_536, 5.0, 3.0, 0, allow_http=True)


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    is_good: bool
    subject: str
    text: str


def _check_database(_app: Flask, _settings: Settings) -> Finding:
    found = session().scalar(text("SELECT version_num FROM alembic_version"))
    is_newest = found == head_revision()
    advice = "" if is_newest else " (run: verbindplaats init)"
    return Finding(is_newest, "database", f"at {found}{advice}")


def _check_queue(app: Flask, settings: Settings) -> Finding:
    celery = app.extensions[CELERY_EXTENSION]
    if settings.is_embedded_broker:
        return Finding(True, "queue", "embedded")  # noqa: FBT003  a finding reads well so
    with Connection(celery.conf.broker_url, connect_timeout=3) as connection:
        connection.ensure_connection(max_retries=1)
    return Finding(True, "queue", "the broker answers")  # noqa: FBT003


def _check_mail(_app: Flask, settings: Settings) -> Finding:
    kept = "no mail server: mails are kept, an administrator can read them"
    return Finding(True, "mail", "a server is set" if settings.mail_url else kept)  # noqa: FBT003


def _check_disk(_app: Flask, settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    return Finding(free > LEAST_FREE_BYTES, "disk", f"{free // 2**20} MB free")


def _check_keys(_app: Flask, _settings: Settings) -> Finding:
    key = instance_signing_key()
    actor = find_actor(None)
    assert actor is not None
    is_good = verify_rsa(public_key_pem(actor), sign_rsa(key.private_pem, b"test"), b"test")
    return Finding(is_good, "signing", key.key_id)


def _check_reachable(_app: Flask, settings: Settings) -> Finding:
    client = HttpClient(settings.user_agent, allow_private=True)  # we may well live at home
    answer = client.get(f"{settings.base_url}/health", limits=SELF_LIMITS)
    client.close()
    is_good = answer.status == 200  # noqa: PLR2004  HTTP's own number
    return Finding(is_good, "reachable", f"{settings.base_url}/health answers {answer.status}")


def _check_deliveries(_app: Flask, _settings: Settings) -> Finding:
    counts = count_deliveries()
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    return Finding(True, "deliveries", told or "none yet")  # noqa: FBT003


CHECKS: tuple[Callable[[Flask, Settings], Finding], ...] = (
    _check_database,
    _check_queue,
    _check_mail,
    _check_disk,
    _check_keys,
    _check_deliveries,
    _check_reachable,
)


def _shown_settings(settings: Settings) -> Iterator[str]:
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        shown = ("set" if value else "not set") if field.name in SECRETS else value
        yield f"{field.name} = {shown}"


def examine(app: Flask, settings: Settings) -> Iterator[Finding]:
    """Run every check; one that cannot run is itself a finding."""
    for check in CHECKS:
        try:
            yield check(app, settings)
        except (AppError, FederationError, KeyLockedError, OSError, LookupError) as error:
            name = check.__name__.removeprefix("_check_")
            yield Finding(False, name, str(error))  # noqa: FBT003


@click.command()
def doctor() -> None:
    """Print the settings and what is wrong; status 1 when something is."""
    try:
        settings = load_settings()
        for line in _shown_settings(settings):
            click.echo(line)
        with command_context() as app:
            findings = list(examine(app, settings))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    for finding in findings:
        click.echo(f"{'ok ' if finding.is_good else 'BAD'} {finding.subject}: {finding.text}")
    sys.exit(0 if all(finding.is_good for finding in findings) else 1)
