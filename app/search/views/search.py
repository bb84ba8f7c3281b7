"""The search page: one box for everything."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.search.documents import Kind
from app.search.queries import MAX_PAGE, Results, search
from app.search.readers import current_reader
from app.search.spelling import suggest_question
from app.search.views.blueprint import blueprint
from app.search.views.labels import kind_counts, kind_labels

SHOWN_QUESTION_LENGTH = 300
TITLE_LENGTH = 200


@blueprint.get("/zoeken")
def show_search() -> str:
    """Show what answers `q`, of one kind (`soort`) or all, page by page (`pagina`)."""
    question = " ".join(request.args.get("q", "").replace("\x00", " ").split())
    kind = _wanted_kind()
    reader = current_reader()
    results = search(question, reader, kinds=None if kind is None else [kind], page=_wanted_page())
    is_lacking = results.has_words and (not results.total or results.is_partial)
    shown = question[:SHOWN_QUESTION_LENGTH]
    return render_template(
        "search/show_search.html",
        question=shown,
        is_address=_is_address(question),
        results=results,
        suggestion=suggest_question(question, reader) if is_lacking else "",
        labels=kind_labels(),
        kinds=_tabs(shown, results, kind),
        newer=_page_url(shown, kind, results.page - 1) if results.page > 1 else "",
        older=_page_url(shown, kind, results.page + 1) if results.has_more else "",
        ask_url=url_for("forum.show_new_post", title=shown[:TITLE_LENGTH] or None),
    )


def _wanted_kind() -> Kind | None:
    """Return the kind that is asked for; an unknown word asks for all kinds."""
    wanted = request.args.get("soort", "")
    return next((kind for kind in Kind if kind.value == wanted), None)


def _wanted_page() -> int:
    """Return the page that is asked for; nonsense asks for the first."""
    page = request.args.get("pagina", "1")
    is_number = page.isascii() and page.isdigit() and len(page) <= len(str(MAX_PAGE))
    return int(page) if is_number else 1


def _page_url(question: str, kind: Kind | None, page: int) -> str:
    soort = None if kind is None else kind.value
    return url_for("search.show_search", q=question, soort=soort, pagina=page if page > 1 else None)


def _tabs(question: str, results: Results, kind: Kind | None) -> list[dict[str, object]]:
    """Return the choice between all kinds and each kind with a hit."""
    counts = results.counts or {}
    everything = {
        "text": _("Alles"),
        "href": _page_url(question, None, 1),
        "current": kind is None,
        "count": results.total,
    }
    return [everything] + [
        {
            "text": text,
            "href": _page_url(question, found, 1),
            "current": found is kind,
            "count": counts[found],
        }
        for found, text in kind_counts()
        if found in counts
    ]


def _is_address(question: str) -> bool:
    """Whether this may name somebody or something on another server: a handle or a web address."""
    if " " in question:
        return False
    return question.startswith(("http://", "https://")) or "@" in question.lstrip("@!")
