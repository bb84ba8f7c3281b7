"""Moving house: the accounts that are one person's, and going on under another one (FEP-7628).

The same page for a person and for a community; who may do it is asked before anything is looked up.
"""

from dataclasses import dataclass
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import auth_required
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.accounts.models.account import Account
from app.core.csrf import csrf
from app.core.db import unit_of_work
from app.core.errors import AppError, NotAllowedError
from app.core.rate_limit import limiter
from app.forum.models.community import Community
from app.forum.queries.communities import get_visible_community
from app.forum.views.rights import get_community_rights
from federation.dereference.actors import find_owner
from federation.dereference.aliases import add_alias, list_aliases, remove_alias, tell_of_change
from federation.dereference.lookup import look_up_anew
from federation.dereference.moves import settle_move, take_back_move
from federation.errors import RefusedError
from federation.transport.actors import find_actor
from federation.views.blueprint import blueprint
from federation.views.forms import AliasForm, SuccessorForm
from federation.views.lookup import PER_PERSON, in_turn
from federation.views.subjects import page_of

FRESH_MINUTES: Final = 15
WRONG_INPUT: Final = 422


@dataclass(frozen=True)
class Successor:
    """Where one went: how it is called, and where it is found."""

    name: str
    href: str
    is_external: bool


@dataclass(frozen=True)
class _Move:
    """Who moves, and the person who does it."""

    owner: Account | Community
    by: Account

    @property
    def action(self) -> str:
        """The page of this move, without what follows for its parts."""
        if isinstance(self.owner, Account):
            return url_for("federation.show_moving")
        return url_for("federation.show_community_moving", name=self.owner.page_name)


@blueprint.app_template_global("successor_of")
def find_successor(owner: Account | Community) -> Successor | None:
    """Return where a person or community says it went."""
    actor = find_actor(owner)
    if actor is None or actor.moved_to is None:
        return None
    known = find_owner(actor.moved_to)
    if known is None:
        return Successor(actor.moved_to, actor.moved_to, is_external=True)
    return Successor(f"@{known.handle}", page_of(known), is_external=False)


@blueprint.get("/instellingen/verhuizen")
@auth_required("session", within=FRESH_MINUTES, grace=FRESH_MINUTES)
@login_required
def show_moving() -> str:
    """Show the other accounts of who is signed in, and the way to move."""
    return _page(_own())


@blueprint.post("/instellingen/verhuizen")
@limiter.limit(PER_PERSON)
@auth_required("session", within=FRESH_MINUTES, grace=FRESH_MINUTES)
@login_required
def move_away() -> Response | tuple[str, int]:
    """Let the followers of who is signed in go along to another account."""
    return _move(_own())


@blueprint.post("/instellingen/verhuizen/terug")
@login_required
def take_back_moving() -> Response:
    """Live here again."""
    return _take_back(_own())


@blueprint.post("/instellingen/verhuizen/adressen")
@limiter.limit(PER_PERSON)
@login_required
def change_aliases() -> Response | tuple[str, int]:
    """Name another account as one's own, or no longer."""
    return _change_aliases(_own())


@blueprint.get("/c/<name>/verhuizen")
@login_required
def show_community_moving(name: str) -> str:
    """Show the other addresses of a community, and the way to move it."""
    return _page(_managed(name))


@blueprint.post("/c/<name>/verhuizen")
@limiter.limit(PER_PERSON)
@auth_required("session", within=FRESH_MINUTES, grace=FRESH_MINUTES)
@login_required
def move_community_away(name: str) -> Response | tuple[str, int]:
    """Let the members of a community go along to another one."""
    return _move(_managed(name))


@blueprint.post("/c/<name>/verhuizen/terug")
@login_required
def take_back_community_moving(name: str) -> Response:
    """Let a community be here again."""
    return _take_back(_managed(name))


@blueprint.post("/c/<name>/verhuizen/adressen")
@limiter.limit(PER_PERSON)
@login_required
def change_community_aliases(name: str) -> Response | tuple[str, int]:
    """Name another community as the same one, or no longer."""
    return _change_aliases(_managed(name))


def _own() -> _Move:
    account = require_account()
    return _Move(account, account)


def _managed(name: str) -> _Move:
    viewer = require_account()
    community = get_visible_community(name, viewer)
    if not get_community_rights(viewer, community).can_manage:
        raise NotAllowedError(_("Alleen wie deze groep beheert, kan haar aanpassen."))
    return _Move(community, viewer)


def _move(moving: _Move) -> Response | tuple[str, int]:
    csrf.protect()
    form = SuccessorForm(prefix="nieuw-")
    if form.validate():
        try:
            with in_turn():
                target = look_up_anew(form.address.data or "")
            with unit_of_work():
                settle_move(moving.owner, target, moving.by)
        except (AppError, RefusedError) as error:
            form.address.errors = [_explain(error, moving.owner)]
        else:
            flash(_("De verhuizing is begonnen. Je volgers krijgen bericht."), "success")
            return redirect(moving.action, code=303)
    return _page(moving, move_form=form), WRONG_INPUT


def _take_back(moving: _Move) -> Response:
    csrf.protect()
    with unit_of_work():
        take_back_move(moving.owner)
        tell_of_change(moving.owner, moving.by)
    flash(_("De verhuizing is ingetrokken. Wie al verhuisd is, blijft daar."), "success")
    return redirect(moving.action, code=303)


def _change_aliases(moving: _Move) -> Response | tuple[str, int]:
    csrf.protect()
    if request.form.get("on") == "0":
        with unit_of_work():
            remove_alias(moving.owner, request.form.get("uri", ""), moving.by)
        return redirect(moving.action, code=303)
    form = AliasForm(prefix="eerder-")
    if form.validate():
        try:
            with in_turn():
                other = look_up_anew(form.address.data or "")
            with unit_of_work():
                add_alias(moving.owner, other, moving.by)
        except (AppError, RefusedError) as error:
            form.address.errors = [_explain(error, moving.owner)]
        else:
            flash(_("Het andere adres staat erbij."), "success")
            return redirect(moving.action, code=303)
    return _page(moving, alias_form=form), WRONG_INPUT


def _page(
    moving: _Move, move_form: SuccessorForm | None = None, alias_form: AliasForm | None = None
) -> str:
    owner = moving.owner
    return render_template(
        "federation/moving.html",
        owner=owner,
        is_person=isinstance(owner, Account),
        action=moving.action,
        aliases=list_aliases(owner),
        move_form=move_form or SuccessorForm(formdata=None, prefix="nieuw-"),
        alias_form=alias_form or AliasForm(formdata=None, prefix="eerder-"),
    )


def _explain(error: AppError | RefusedError, owner: Account | Community) -> str:
    """Say what is wrong in words for people."""
    if isinstance(error, AppError):
        return error.text
    kind = _("Een persoon verhuist naar een persoon, een groep naar een groep.")
    known = {
        "move-to-itself": _("Dat is dit adres zelf."),
        "alias-of-itself": _("Dat is dit adres zelf."),
        "move-to-another-kind": kind,
        "alias-of-another-kind": kind,
        "move-not-confirmed": _(
            "Het andere account noemt dit adres nog niet. Zet daar eerst %(address)s erbij als "
            "eerder adres (alias). Probeer het dan opnieuw.",
            address=f"@{owner.handle}",
        ),
        "move-onwards": _("Dat account is zelf verhuisd."),
        "move-too-soon": _("Verhuizen kan één keer per week."),
        "too-many-aliases": _("Meer adressen passen er niet bij. Haal er eerst één weg."),
    }
    return str(known.get(error.reason, _("Dit account is er niet, of niet meer.")))
