"""Everything we hold about a person, as one file for that person (AVG article 15 and 20)."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime

from app.accounts.models.account import Account
from app.accounts.queries import find_user_of_account, list_followings_of
from app.accounts.services.sessions import list_sessions

# account -> rows of plain values; registered by the floors that hold something about people
ExportSection = Callable[[Account], object]

_sections: dict[str, ExportSection] = {}


def add_export_section(name: str, section: ExportSection) -> None:
    """Put what `section` returns into every export as `<name>.json`; the same name replaces."""
    _sections[name] = section


def export_account(account: Account) -> bytes:
    """Return a zip file with one JSON file per section."""
    parts: Mapping[str, object] = {
        "profiel": _profile(account),
        "account": _sign_in(account),
        "volgt": [
            _following_row(row.followed.handle, row.state, row.requested_at)
            for row in list_followings_of(account)
        ],
        **{name: section(account) for name, section in _sections.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain)
            archive.writestr(f"{name}.json", text)
    return buffer.getvalue()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _following_row(handle: str, state: str, since: datetime) -> dict[str, object]:
    return {"wie": handle, "stand": str(state), "sinds": since}


def _profile(account: Account) -> dict[str, object]:
    return {
        "adres": account.uri,
        "naam": account.handle,
        "weergavenaam": account.display_name,
        "rol": account.role_title,
        "organisatie": account.organisation,
        "expertise": account.expertise,
        "tekst": account.bio_source,
        "vindbaar": account.is_discoverable,
        "taal": account.locale,
        "kleuren": account.theme,
        "gemaakt": account.created_at,
        "gewijzigd": account.changed_at,
    }


def _sign_in(account: Account) -> dict[str, object]:
    user = find_user_of_account(account)
    if user is None:
        return {}
    return {
        "e-mail": user.email,
        "bevestigd": user.confirmed_at,
        "gemaakt": user.create_datetime,
        "rollen": [role.name for role in user.roles],
        "ingelogd": [
            {
                "browser": row.browser,
                "systeem": row.system,
                "sinds": row.started_at,
                "tot": row.expires_at,
            }
            for row in list_sessions(user)
        ],
    }
