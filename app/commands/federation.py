"""`verbindplaats federation inspect | queue | peers | rotate-key`."""

import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path

import click

from app.accounts.models.account import Account
from app.accounts.queries import find_local_account
from app.commands.context import command_context, explains_errors
from app.core.addresses import local_uri
from app.core.db import unit_of_work
from app.forum.models.community import Community
from app.forum.queries.communities import find_community
from federation.dereference.description import describe_bytes
from federation.dereference.key_changes import release_host
from federation.errors import FederationError
from federation.models.delivery_queries import Trace, list_failed, list_waiting
from federation.models.peer_queries import PeerState, count_deliveries, list_peer_states
from federation.outbound.activities.keys import (
    is_here,
    list_owners_of_keys,
    rotate_key,
    rotate_proof_key,
)
from federation.transport.client import activity_client
from federation.transport.own_keys import RotationTooSoonError
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
    lanes = f" ({peer.control} control, {peer.content} content, {peer.votes} votes)"
    parts = [
        peer.host,
        software,
        f"{peer.dialect} (set by hand)" if peer.set_dialect else peer.dialect,
        stand,
        f"waiting {peer.waiting}{lanes if peer.waiting else ''}{late}",
        f"signs {peer.scheme}" if peer.scheme else "",
        f"refuses {peer.refused_share:.0%} of {peer.taken + peer.refused}" if peer.refused else "",
        "REFUSES NEARLY ALL" if peer.refuses_all else "",
        "quarantined" if peer.quarantined_at else "",
        f"last error: {peer.last_error}" if peer.last_error else "",
    ]
    return "  ".join(part for part in parts if part)


@federation.command("peers")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--release", metavar="HOST", help="Take messages of a quarantined server again.")
@explains_errors
def show_peers(*, as_json: bool, release: str | None) -> None:
    """Print every server we know: what it runs, how it is doing, how late it is."""
    with command_context():
        if release is not None:
            _release(release)
            return
        peers = list_peer_states()
        if as_json:
            _print_json([dataclasses.asdict(peer) for peer in peers])
            return
        for peer in peers:
            click.echo(_line(peer))


def _release(host: str) -> None:
    with unit_of_work():
        is_released = release_host(host.lower())
    if not is_released:
        raise click.ClickException(f"{host} is not in quarantine")
    click.echo(f"{host} is released")


@federation.command("rotate-key")
@click.argument("name", required=False)
@click.option("--instance", is_flag=True, help="Replace the key of this server itself.")
@click.option("--all", "is_for_all", is_flag=True, help="Replace every key there is.")
@click.option("--proofs", is_flag=True, help="Replace the key for proofs, not the one that signs.")
@explains_errors
def rotate_keys(name: str | None, *, instance: bool, is_for_all: bool, proofs: bool) -> None:
    """Replace the key of a person or community; the former one stays in use for a while."""
    if sum((name is not None, instance, is_for_all)) != 1:
        raise click.UsageError("say whose key: NAME, --instance or --all")
    rotate = rotate_proof_key if proofs else rotate_key
    with command_context():
        owners = list_owners_of_keys() if is_for_all else [_find_owner(name)]
        for owner in owners:
            try:
                with unit_of_work():
                    rotate(owner)
            except RotationTooSoonError as error:
                raise click.ClickException(str(error)) from error
            click.echo(local_uri("/") if owner is None else owner.uri)


def _find_owner(name: str | None) -> Account | Community | None:
    """Return whose key is meant; None is this server."""
    if name is None:
        return None
    owner = find_community(name) or find_local_account(name)
    if owner is None or not owner.is_local or not is_here(owner):
        raise click.ClickException(f"nobody here is called {name}")
    return owner


def _trace(trace: Trace) -> dict[str, object]:
    delivery = trace.delivery
    return {
        "id": delivery.id,
        "state": delivery.state,
        "type": delivery.activity.type,
        "object": delivery.activity.object_uri,
        "inbox": delivery.inbox_url,
        "made_at": delivery.made_at,
        "next_attempt_at": delivery.next_attempt_at if trace.is_waiting else None,
        "last_error": delivery.last_error,
        "attempts": [
            {"at": one.at, "status": one.status, "answer": one.answer, "scheme": one.scheme}
            for one in trace.attempts
        ],
    }


def _print_traces(traces: list[dict[str, object]]) -> None:
    for trace in traces:
        click.echo(f"{trace['id']}  {trace['state']}  {trace['type']}  {trace['object']}")
        attempts = trace["attempts"]
        assert isinstance(attempts, list)
        for one in attempts:
            answer = " ".join(str(one["answer"]).split())
            click.echo(f"    {one['at']:%Y-%m-%d %H:%M:%S}  {one['status'] or '-'}  {answer}")


@federation.command("queue")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--host", default="", help="What waits for this server and what failed there.")
@explains_errors
def show_queue(*, as_json: bool, host: str) -> None:
    """Print how many deliveries wait, are done, were dropped or expired."""
    with command_context():
        if host:
            traces = [_trace(one) for one in (*list_waiting(host), *list_failed(host))]
            if as_json:
                _print_json(traces)
            else:
                _print_traces(traces)
            return
        counts = count_deliveries()
        if as_json:
            _print_json(counts)
            return
        for state, count in sorted(counts.items()):
            click.echo(f"{state}: {count}")
