"""Mails from templates: `email/<name>/subject.txt`, `body.txt` and `body.html`."""

from flask import render_template

from app.core.mail import Mail, keep_mail


def keep_templated_mail(name: str, recipient: str, **context: object) -> Mail:
    """Store the mail called `name` within the present transaction."""
    subject = render_template(f"email/{name}/subject.txt", **context)
    text = render_template(f"email/{name}/body.txt", **context)
    html = render_template(f"email/{name}/body.html", **context)
    return keep_mail(recipient, subject.strip(), text, html)
