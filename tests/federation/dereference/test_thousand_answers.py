"""A thread of a thousand answers costs a dozen requests (federation.md section 12, line 17)."""

from collections.abc import Callable

from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.comment import Comment
from tests.federation.dereference.conftest import follow
from tests.support.fediverse import Json
from tests.support.lemmy import LemmyGroup

PAGES, IN_PAGE = 10, 99  # with the thread itself no more than the thousand that are read
MOST_REQUESTS = 15


def _serve_in_pages(lemmy: LemmyGroup, thread: Json, answers: list[Json]) -> None:
    """Serve the whole thread as a list whose pages hold the answers in full."""
    context = thread["context"]
    path = context.removeprefix(lemmy.server.root)
    head = {"type": "OrderedCollection", "id": context, "totalItems": len(answers) + 1}
    lemmy.put(path, {**head, "first": f"{context}?page=1"})
    for number in range(1, PAGES + 1):
        page = {
            "type": "OrderedCollectionPage",
            "id": f"{context}?page={number}",
            "partOf": context,
            "orderedItems": answers[(number - 1) * IN_PAGE : number * IN_PAGE],
        }
        if number < PAGES:
            page["next"] = f"{context}?page={number + 1}"
        lemmy.put(f"{path}?page={number}", page)


def test_what_a_list_holds_in_full_is_not_asked_for_one_by_one(
    lemmy: LemmyGroup, anna: Account, read_all: Callable[[], int]
) -> None:
    thread = lemmy.thread("Snoeien", context=f"{lemmy.server.root}/threads/9")
    answers = [lemmy.comment(thread) for _ in range(PAGES * IN_PAGE)]
    lemmy.refresh()
    _serve_in_pages(lemmy, thread, answers)

    follow(anna, lemmy)
    read_all()

    asked = lemmy.server.asked
    pages = sum(number for path, number in asked.items() if path.startswith("/threads/"))
    single = sum(number for path, number in asked.items() if path.startswith("/comment/"))
    assert session().scalar(select(func.count(Comment.id))) == PAGES * IN_PAGE
    assert (pages + single) <= MOST_REQUESTS
