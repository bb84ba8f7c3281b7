"""`verbindplaats doctor`: settings, and what is wrong with them or with this server."""

import dataclasses
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

import click
from flask import Flask
from kombu import Connection
from kombu.exceptions import KombuError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_date

from app.commands.context import command_context, explains_errors
from app.core.clock import utcnow
from app.core.errors import AppError
from app.core.http_answer import FetchLimits
from app.core.http_client import HttpClient
from app.core.outgoing import http_client
from app.core.settings import Settings, list_unknown, load_settings
from app.core.site import find_revision
from app.core.tasks import CELERY_EXTENSION
from federation.dereference.key_changes import list_quarantined
from federation.errors import FederationError
from federation.models.peer_queries import count_deliveries, list_peer_states
from federation.signatures.keys import KeyLockedError, sign_rsa, verify_rsa
from federation.transport.actors import find_actor, instance_signing_key, public_key_pem

SECRETS = {"secret_key", "mail_url", "oidc", "database_url", "broker_url", "redis_url"}
LEAST_FREE_BYTES = 500 * 1024 * 1024
MOST_CLOCK_SECONDS = 60
LIMITS = FetchLimits(total_seconds=10.0, allow_http=True)
FAILURES = (
    AppError,
    FederationError,
    KeyLockedError,
    KombuError,
    SQLAlchemyError,
    OSError,
    LookupError,
)


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    is_good: bool
    subject: str
    text: str


def _good(subject: str, told: str) -> Finding:
    return Finding(is_good=True, subject=subject, text=told)


def _check_settings(_app: Flask, _settings: Settings) -> Finding:
    unknown = list_unknown()
    told = f"these names mean nothing: {', '.join(unknown)}" if unknown else "all names are known"
    return Finding(not unknown, "settings", told)


def _check_database(_app: Flask, _settings: Settings) -> Finding:
    return _good("database", f"at {find_revision()}")


def _check_queue(app: Flask, settings: Settings) -> Finding:
    celery = app.extensions[CELERY_EXTENSION]
    if settings.is_embedded_broker:
        return _good("queue", "embedded")
    with Connection(celery.conf.broker_url, connect_timeout=3) as connection:
        connection.ensure_connection(max_retries=1)
    return _good("queue", "the broker answers")


def _check_mail(_app: Flask, settings: Settings) -> Finding:
    kept = "no mail server: mails are kept, an administrator can read them"
    return _good("mail", "a server is set" if settings.mail_url else kept)


def _check_clock(_app: Flask, settings: Settings) -> Finding:
    """Hold our clock against that of the server that was heard last: it dates what is signed."""
    heard = {peer.heard_at: peer.host for peer in list_peer_states() if peer.heard_at is not None}
    if not heard:
        return _good("clock", f"{utcnow():%Y-%m-%d %H:%M} UTC; nobody to compare with")
    host = heard[max(heard)]
    scheme = urlsplit(settings.base_url).scheme
    answer = http_client().get(f"{scheme}://{host}/.well-known/nodeinfo", limits=LIMITS)
    theirs = parse_date(answer.headers.get("date"))
    if theirs is None:
        return _good("clock", f"{host} does not tell the time")
    seconds = abs(utcnow() - theirs).total_seconds()
    return Finding(seconds < MOST_CLOCK_SECONDS, "clock", f"{seconds:.0f} s from that of {host}")


def _check_disk(_app: Flask, settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    return Finding(free > LEAST_FREE_BYTES, "disk", f"{free // 2**20} MB free")


def _check_signing(_app: Flask, _settings: Settings) -> Finding:
    key = instance_signing_key()
    actor = find_actor(None)
    assert actor is not None
    is_good = verify_rsa(public_key_pem(actor), sign_rsa(key.private_pem, b"test"), b"test")
    return Finding(is_good, "signing", key.key_id)


def _check_documents(_app: Flask, settings: Settings) -> Finding:
    """Say who may read our documents: a server that cannot sign sees little when it is on."""
    guarded = "for signed requests alone (AUTHORIZED_FETCH); everybody sees stubs of actors"
    return _good("documents", guarded if settings.authorized_fetch else "open to everybody")


def _check_quarantine(_app: Flask, _settings: Settings) -> Finding:
    hosts = [peer.host for peer in list_quarantined()]
    told = f"many keys changed at once: {', '.join(hosts)}; look at /beheer/servers"
    return Finding(not hosts, "quarantine", told if hosts else "nobody")


def _check_reachable(_app: Flask, settings: Settings) -> Finding:
    client = HttpClient(settings.user_agent, allow_private=True)  # we may well live at home
    with closing(client):
        answer = client.get(f"{settings.base_url}/health", limits=LIMITS)
    is_good = answer.status == 200  # noqa: PLR2004  HTTP's own number
    return Finding(is_good, "reachable", f"{settings.base_url}/health answers {answer.status}")


def _check_deliveries(_app: Flask, _settings: Settings) -> Finding:
    counts = count_deliveries()
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    return _good("deliveries", told or "none yet")


CHECKS: tuple[Callable[[Flask, Settings], Finding], ...] = (
    _check_settings,
    _check_database,
    _check_queue,
    _check_mail,
    _check_clock,
    _check_disk,
    _check_signing,
    _check_documents,
    _check_quarantine,
    _check_deliveries,
    _check_reachable,
)


def _shown_settings(settings: Settings) -> Iterator[str]:
    for field in dataclasses.fields(settings):
        if field.name == "testing":
            continue
        value = getattr(settings, field.name)
        shown = ("set" if value else "not set") if field.name in SECRETS else value
        yield f"{field.name} = {shown}"


def examine(app: Flask, settings: Settings) -> Iterator[Finding]:
    """Run every check; one that cannot run is itself a finding."""
    for check in CHECKS:
        try:
            yield check(app, settings)
        except FAILURES as error:
            name = check.__name__.removeprefix("_check_")
            yield Finding(is_good=False, subject=name, text=" ".join(str(error).split()))


@click.command()
@explains_errors
def doctor() -> None:
    """Print the settings and what is wrong; status 1 when something is."""
    settings = load_settings()
    for line in _shown_settings(settings):
        click.echo(line)
    with command_context() as app:
        findings = list(examine(app, settings))
    for finding in findings:
        click.echo(f"{'ok ' if finding.is_good else 'BAD'} {finding.subject}: {finding.text}")
    sys.exit(0 if all(finding.is_good for finding in findings) else 1)
