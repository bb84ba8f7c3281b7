"""Forms show what a service refused."""

from flask import Flask

from app.core.errors import InvalidInputError
from app.forum.forms import CommentForm


def test_an_error_stands_at_its_field_or_on_top(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"body": "Dag"}):
        form = CommentForm()
        form.blame(InvalidInputError("body", "Te lang."))
        form.blame(InvalidInputError("elders", "Kan niet."))

        assert form.errors == {"body": ["Te lang."], "": ["Kan niet."]}
