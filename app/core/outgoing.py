"""The one HTTP client of an application, made at first use."""

from threading import Lock

from flask import Flask, current_app

from app.core.http_client import HttpClient
from app.core.settings import current_settings

KEY = "http_client"
_lock = Lock()


def http_client() -> HttpClient:
    """Return the client of the current application; it holds the pools and the address guard."""
    client = current_app.extensions.get(KEY)
    if client is None:
        with _lock:
            client = current_app.extensions.get(KEY) or _make(current_app)
    assert isinstance(client, HttpClient)
    return client


def close_http_client(app: Flask) -> None:
    """Close the connections that `app` keeps open to others, if it ever made any."""
    with _lock:
        client = app.extensions.pop(KEY, None)
    if client is not None:
        client.close()


def _make(app: Flask) -> HttpClient:
    settings = current_settings()
    client = HttpClient(settings.user_agent, allow_private=settings.allow_private_addresses)
    app.extensions[KEY] = client
    return client
