"""Five plain pages, as every installation needs them from the first day."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.core.errors import NotFoundError

blueprint = Blueprint("pages", __name__)
SLUGS = ("over", "huisregels", "privacy", "toegankelijkheid", "help")


@blueprint.get(f"/<any({', '.join(SLUGS)}):slug>")
def show_page(slug: str) -> str:
    """Show one of the pages."""
    if slug not in SLUGS:
        raise NotFoundError(_("Deze pagina bestaat niet."))
    return render_template(f"about/{slug}.html", cacheable=True)
