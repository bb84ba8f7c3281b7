"""Five plain pages, as every installation needs them from the first day."""

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)
SLUGS = ("over", "huisregels", "privacy", "toegankelijkheid", "help")


@blueprint.get(f"/<any({', '.join(SLUGS)}):slug>")
def show_page(slug: str) -> str:
    """Show one of the pages; the address admits no other."""
    return render_template(f"about/{slug}.html", cacheable=True)
