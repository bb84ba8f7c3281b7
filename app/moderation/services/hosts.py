"""Whole servers: refuse them, or admit them when an allow-list is in force."""

import re

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import InvalidInputError
from app.core.events import emit
from app.core.html import clean_text
from app.moderation.events import HostRuled
from app.moderation.models.host_rule import HostRule, HostVerdict
from app.moderation.services.log import Act, log_act

MAX_REASON = 500
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?")


def _checked(host: str) -> str:
    name = host.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    try:
        name = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name) or ".." in name:
        raise InvalidInputError("host", _("Dit is geen naam van een server."))
    return name


def rule_host(host: str, verdict: HostVerdict, reason: str, by: Account | None) -> HostRule:
    """Decide about a server and its subdomains; raises InvalidInputError (`host`)."""
    name = _checked(host)
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
