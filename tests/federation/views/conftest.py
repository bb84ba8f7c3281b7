"""A peer asks our server for documents."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.fediverse import ACTIVITY_JSON

Get = Callable[..., TestResponse]


@pytest.fixture
def get(app: Flask) -> Get:
    """GET an address of ours as a peer does; each time in another language, past the page cache."""
    numbers = count()

    def ask(uri: str, accept: str | None = ACTIVITY_JSON, **options: Any) -> TestResponse:
        headers = {"Accept-Language": f"nl;q=0.{next(numbers):03}", **options.pop("headers", {})}
        if accept:
            headers["Accept"] = accept
        path = uri.removeprefix("http://ons.test") or "/"
        method = options.pop("method", "GET")
        client = app.test_client()
        return client.open(
            path, method=method, headers=headers, base_url="http://ons.test", **options
        )

    return ask


@pytest.fixture
def read(get: Get) -> Callable[..., dict[str, Any]]:
    """The document at an address of ours."""

    def ask(uri: str, **options: Any) -> dict[str, Any]:
        answer = get(uri, **options)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = json.loads(answer.data)
        return document

    return ask
