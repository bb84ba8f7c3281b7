"""The home page and the forum: where to go, and what has been said lately."""

from dataclasses import replace

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.current import current_account
from app.accounts.models.account import Account
from app.core.home_panels import Door, list_doors, list_panels
from app.core.pages import PageRequest, page_request
from app.forum.models.post import Post, PostKind
from app.forum.queries.communities import (
    list_followed_ids,
    list_local_communities,
    list_remote_communities,
)
from app.forum.queries.posts import PostFilter, count_posts, list_posts
from app.forum.queries.reading import list_unread_ids
from app.forum.views.blueprint import blueprint

HOME_ROWS = 6
MAIN_DOORS = ("forum", "network", "region", "research")
SIDE_DOORS = ("source", "training")
TABS = {
    "vragen": PostKind.QUESTION,
    "gesprekken": PostKind.DISCUSSION,
    "links": PostKind.LINK,
    "alles": None,
}
FIRST_TAB = "vragen"
QUESTIONS = PostFilter(kind=PostKind.QUESTION)


@blueprint.get("/")
def show_home() -> str:
    """Show the ask box, the doors, the newest questions and what other floors add.

    Where nobody asked anything yet, whatever was said lately stands in their place.
    """
    viewer = current_account()
    questions = list_posts(viewer, QUESTIONS, PageRequest(size=HOME_ROWS)).items
    shown = questions or list_posts(viewer, PostFilter(), PageRequest(size=HOME_ROWS)).items
    doors = {"forum": _forum_door(viewer, shown), **list_doors()}
    return render_template(
        "forum/home.html",
        main_doors=[doors[key] for key in MAIN_DOORS if key in doors],
        side_doors=[doors[key] for key in SIDE_DOORS if key in doors],
        posts=shown,
        has_questions=bool(questions),
        unread_ids=list_unread_ids(viewer, shown),
        panels=list_panels(),
    )


@blueprint.get("/forum")
def show_forum() -> str:
    """Show what has been said lately in all communities, by kind, and the communities."""
    viewer = current_account()
    tab = request.args.get("soort", "")
    tab = tab if tab in TABS else _first_tab(viewer)
    chosen = PostFilter(kind=TABS[tab])
    is_unanswered = request.args.get("antwoord") == "zonder"
    page = list_posts(
        viewer, replace(chosen, is_unanswered=is_unanswered), page_request(request.args)
    )
    return render_template(
        "forum/forum.html",
        tab=tab,
        is_unanswered=is_unanswered,
        page=page,
        unread_ids=list_unread_ids(viewer, page.items),
        communities=list_local_communities(viewer),
        remote_communities=list_remote_communities(viewer),
        followed_ids=list_followed_ids(viewer),
    )


def _first_tab(viewer: Account | None) -> str:
    """Return the tab that opens by itself: questions, unless there is only something else."""
    one = PageRequest(size=1)
    has_questions = bool(list_posts(viewer, QUESTIONS, one).items)
    return (
        FIRST_TAB if has_questions or not list_posts(viewer, PostFilter(), one).items else "alles"
    )


def _forum_door(viewer: Account | None, newest_first: list[Post]) -> Door:
    count = count_posts(viewer)
    newest = _("Nieuw: “%(title)s”", title=newest_first[0].title) if newest_first else ""
    return Door(
        key="forum",
        title=_("Forum"),
        url=url_for("forum.show_forum"),
        count_text=ngettext("%(num)d gesprek", "%(num)d gesprekken", count),
        newest_text=newest or _("Nog geen vragen. Stel de eerste."),
    )
