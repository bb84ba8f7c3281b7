"""What the forum's views have in common: redirects, switches, forms with errors."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.paths import safe_path
from app.core.errors import AppError, InvalidInputError
from app.forum.forms import ForumForm
from app.forum.models.comment import Comment
from app.forum.models.post import Post

SEE_OTHER = 303
WRONG_INPUT = 422
OK = 200


def see_other(url: str) -> Response:
    """Answer a POST: the result is to be read elsewhere (RFC 9110 section 15.4.4)."""
    return redirect(url, code=SEE_OTHER)


def back_to(default: str) -> Response:
    """Send back to the page a button stood on (`next`), else to `default`."""
    return see_other(safe_path(request.form.get("next")) or default)


def is_switched_on() -> bool:
    """Whether a button that sends `on` was pressed to switch something on."""
    return request.form.get("on") == "1"


def posted_url(thing: Post | Comment) -> str:
    """Return the page on which a post or comment is read."""
    if isinstance(thing, Post):
        return url_for("forum.show_post", public_id=thing.public_id)
    page = url_for("forum.show_post", public_id=thing.post.public_id)
    return f"{page}#comment-{thing.public_id}"


def blame_form(form: ForumForm, error: AppError) -> None:
    """Show what a service refused: at its field when it names one, else on top of the form."""
    if isinstance(error, InvalidInputError):
        form.blame(error)
    else:
        form.form_errors.append(error.text)


def form_status(form: ForumForm) -> int:
    """Return 422 for a form that came back with errors, else 200."""
    return WRONG_INPUT if form.errors else OK
