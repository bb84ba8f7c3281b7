"""How a browser of the forum's tests finds what it has to send along."""

import re

from flask.testing import FlaskClient

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def token_of(client: FlaskClient, path: str) -> str:
    """The token in the first form on a page."""
    found = TOKEN.search(client.get(path).text)
    assert found is not None, f"no form on {path}"
    return found[1]
