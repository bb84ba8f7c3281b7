"""Links of entries: without what only serves to follow readers, and in one form to compare. Pure.

Parameters that decide what is shown are never touched: `?id=1` and `?id=2` are two pages.
"""

import hashlib
import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

_TRACKERS: Final = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid"
    r"|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|vero_id|oly_anon_id|oly_enc_id|wickedid|rb_clickid"
    r"|ml_subscriber(?:_hash)?|at_(?:medium|campaign)|pk_(?:campaign|kwd|source)|mtm_\w+)",
    re.IGNORECASE,
)
# In the archives of one mail service `e` names the reader; elsewhere it may mean anything.
_MAIL_ARCHIVES: Final = ("mailchi.mp", "campaign-archive.com", "list-manage.com")


def strip_tracking(url: str) -> str:
    """Return `url` without parameters that only tell where the reader came from."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.query and not parts.fragment.startswith("utm_"):
        return url
    is_archive = (parts.hostname or "").endswith(_MAIL_ARCHIVES)
    kept = [one for one in parts.query.split("&") if not _is_tracker(one, is_archive=is_archive)]
    fragment = "" if parts.fragment.startswith("utm_") else parts.fragment
    return urlunsplit(parts._replace(query="&".join(kept), fragment=fragment))


def _is_tracker(parameter: str, *, is_archive: bool) -> bool:
    name = parameter.partition("=")[0]
    return _TRACKERS.fullmatch(name) is not None or (is_archive and name == "e")


def canonical_hash(url: str) -> str:
    """Return one hash for all spellings of the address of a page.

    Scheme, `www.`, a final slash, the fragment, trackers and `ref` make no difference.
    """
    parts = urlsplit(strip_tracking(url))
    host = (parts.hostname or "").removeprefix("www.")
    port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "ref"]
    page = f"{host}{port}{parts.path.rstrip('/')}?{query}"
    return hashlib.sha256(page.encode("utf-8", "replace")).hexdigest()
