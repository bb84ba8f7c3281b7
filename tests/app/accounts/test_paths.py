"""Where somebody may be sent back to."""

import pytest
from flask.ctx import AppContext

from app.accounts.paths import safe_path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/", "/"),
        ("/mensen?q=a%20b&voor=x", "/mensen?q=a%20b&voor=x"),
        ("/u/bert@elders.test:8080", "/u/bert@elders.test:8080"),
        ("http://ons.test/post/1", "/post/1"),
    ],
)
def test_our_own_addresses_are_kept(ctx: AppContext, text: str, path: str) -> None:
    assert safe_path(text) == path


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "mensen",
        "//e.test",
        "///e.test",
        "/\\e.test",
        "\\/e.test",
        "\\\\e.test",
        "/\t/e.test",
        "/\n/e.test",
        " //e.test",
        "\u00a0//e.test",
        "\u200a///e.test",
        "https:e.test",
        "https:/e.test",
        "https://e.test",
        "http://ons.test.e.test/",
        "http://ons.test@e.test/",
        "http://ons.test//e.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "/../e",
        "/a/../../e",
        "@e.test",
        "/" + "x" * 5000,
    ],
)
def test_everything_else_is_refused(ctx: AppContext, text: str | None) -> None:
    assert safe_path(text) is None
