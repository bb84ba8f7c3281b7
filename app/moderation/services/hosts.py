"""Whole servers: refuse them, or admit them when an allow-list is in force."""

import re

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.addresses import is_local_host
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import InvalidInputError
from app.core.events import emit
from app.core.html import clean_text
from app.moderation.events import HostRuled
from app.moderation.models.host_rule import HostRule, HostVerdict
from app.moderation.services.log import Act, log_act

MAX_REASON = 500
MAX_PORT = 65_535
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?")
_PORT = re.compile(r"[0-9]{1,5}")


def normalize_host(text: str) -> str:
    """Return the server that somebody typed or pasted (name, address, handle) as rules keep it.

    Lower case, punycode (RFC 5891), with the port when one is given. Raises InvalidInputError
    (`host`).
    """
    name = text.strip().lower().removeprefix("https://").removeprefix("http://")
    name, _colon, port = name.split("/")[0].rpartition("@")[2].partition(":")
    try:
        name = name.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name) or ".." in name or (_colon and not _is_port(port)):
        raise InvalidInputError("host", _("Dit is geen naam van een server."))
    return f"{name}:{port}" if port else name


def _is_port(text: str) -> bool:
    return _PORT.fullmatch(text) is not None and 0 < int(text) <= MAX_PORT


def rule_host(host: str, verdict: HostVerdict, reason: str, by: Account | None) -> HostRule:
    """Decide about a server and its subdomains; raises InvalidInputError (`host`)."""
    name = normalize_host(host)
    if is_local_host(name):
        raise InvalidInputError("host", _("Dit is deze server zelf."))
    rule = session().get(HostRule, name)
    if rule is None:
        rule = HostRule(host=name)
        session().add(rule)
    rule.verdict = verdict
    rule.reason = clean_text(reason, max_length=MAX_REASON)
    rule.decided_at = utcnow()
    session().flush()
    actor_id = None if by is None else by.id
    log_act(Act(f"host_{verdict}", actor_id=actor_id, host=name, reason=rule.reason))
    emit(HostRuled(name))
    return rule


def free_host(host: str, by: Account | None) -> None:
    """Take a decision about a server back."""
    rule = session().get(HostRule, host.strip().lower())
    if rule is None:
        return
    session().delete(rule)
    session().flush()
    log_act(Act("host_freed", actor_id=None if by is None else by.id, host=rule.host))
    emit(HostRuled(rule.host))
