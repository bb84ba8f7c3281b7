"""How local ids are made: computed from public ids and the base URL, never stored (contract.md)."""

from app.core.settings import current_settings


def local_uri(path: str) -> str:
    """Return the absolute id for a path such as `/post/<public id>`."""
    return f"{current_settings().base_url}{path}"


def local_host() -> str:
    """Return the host (netloc) of our ids."""
    return current_settings().host


def local_path(uri: str) -> str | None:
    """Return the path of one of our own ids, or None for a foreign one."""
    base = current_settings().base_url
    if uri == base:
        return "/"
    return uri[len(base) :] if uri.startswith(base + "/") else None


def is_local_host(host: str) -> bool:
    """Whether `host` (netloc) is this server."""
    return host.lower() == local_host()
