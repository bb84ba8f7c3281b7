"""`verbindplaats federation inspect | queue | peers`."""

import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path

import click

from app.commands.context import command_context, explains_errors
from federation.dereference.description import describe_bytes
from federation.errors import FederationError
from federation.models.peer_queries import PeerState, count_deliveries, list_peer_states
from federation.transport.client import activity_client
from federation.vocab.terms import ACCEPT


@click.group()
def federation() -> None:
    """Look at the exchange with other servers."""


def _read(source: str) -> bytes:
    if source.startswith(("http://", "https://")):
        with command_context():
            return activity_client().get_json(source, ACCEPT)
    return Path(source).read_bytes()


@federation.command("inspect")
@click.argument("source", metavar="FILE-or-URL")
@explains_errors
def inspect_document(source: str) -> None:
    """Print as JSON what we understand of an ActivityPub document; nothing is stored."""
    try:
        described = describe_bytes(_read(source))
    except FederationError as error:
        click.echo(json.dumps({"refused": error.reason}, ensure_ascii=False))
        sys.exit(1)
    except OSError as error:
        raise click.ClickException(f"{source}: {error.strerror}") from error
    click.echo(json.dumps(described, ensure_ascii=False, indent=1))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _print_json(content: object) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))


def _line(peer: PeerState) -> str:
    stand = f"silent since {peer.failing_since:%Y-%m-%d %H:%M}" if peer.failing_since else "ok"
    software = f"{peer.software or '?'} {peer.version or ''}".strip()
    late = f", oldest from {peer.oldest:%Y-%m-%d %H:%M}" if peer.oldest else ""
    return f"{peer.host}  {software}  {peer.dialect}  {stand}  waiting {peer.waiting}{late}"


@federation.command("peers")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@explains_errors
def show_peers(*, as_json: bool) -> None:
    """Print every server we know: what it runs, how it is doing, how late it is."""
    with command_context():
        peers = list_peer_states()
        if as_json:
            _print_json([dataclasses.asdict(peer) for peer in peers])
            return
        for peer in peers:
            click.echo(_line(peer))


@federation.command("queue")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@explains_errors
def show_queue(*, as_json: bool) -> None:
    """Print how many deliveries wait, are done, were dropped or expired."""
    with command_context():
        counts = count_deliveries()
        if as_json:
            _print_json(counts)
            return
        for state, count in sorted(counts.items()):
            click.echo(f"{state}: {count}")
