"""Which activities we understand, on one screen (house.md 2.5). All others are ignored.

Keys are the verb and, where it matters, the kind of what it is about; None stands for any kind.
"""

from collections.abc import Callable, Mapping

from federation.inbound.context import InboxContext
from federation.inbound.handlers import (
    accept,
    add_remove,
    block,
    create,
    delete,
    flag,
    follow,
    like,
    lock,
    move,
    quote_request,
    reject,
    removal,
    resolve,
    turn_down,
    undo,
    update,
    warn,
    withdraw,
)
from federation.vocab.activities import ActivityDocument
from federation.vocab.terms import Kind

Handler = Callable[[InboxContext, ActivityDocument], None]

HANDLERS: Mapping[tuple[Kind, Kind | None], Handler] = {
    (Kind.CREATE, None): create.publish,
    (Kind.UPDATE, None): update.edit,
    (Kind.UPDATE, Kind.PERSON): update.refresh_actor,
    (Kind.UPDATE, Kind.GROUP): update.refresh_actor,
    (Kind.UPDATE, Kind.APPLICATION): update.refresh_actor,
    (Kind.DELETE, None): delete.delete,
    (Kind.FOLLOW, None): follow.follow,
    (Kind.ACCEPT, None): accept.accept,
    (Kind.REJECT, None): reject.reject,
    (Kind.REJECT, Kind.CREATE): turn_down.turn_down,
    (Kind.REJECT, Kind.PAGE): turn_down.turn_down,
    (Kind.REJECT, Kind.NOTE): turn_down.turn_down,
    (Kind.LIKE, None): like.like,
    (Kind.DISLIKE, None): like.dislike,
    (Kind.ADD, None): add_remove.change_list,
    (Kind.REMOVE, None): add_remove.change_list,
    (Kind.LOCK, None): lock.lock,
    (Kind.BLOCK, None): block.ban,
    (Kind.FLAG, None): flag.report,
    (Kind.RESOLVE, None): resolve.resolve,
    (Kind.WARN, None): warn.warn,
    (Kind.MOVE, None): move.move,
    (Kind.QUOTE_REQUEST, None): quote_request.answer,
    (Kind.UNDO, Kind.FOLLOW): undo.unfollow,
    (Kind.UNDO, Kind.LIKE): undo.retract,
    (Kind.UNDO, Kind.DELETE): removal.bring_back,
    (Kind.UNDO, Kind.LOCK): lock.unlock,
    (Kind.UNDO, Kind.BLOCK): block.lift,
    (Kind.UNDO, Kind.ANNOUNCE): withdraw.withdraw,
    (Kind.UNDO, Kind.UNKNOWN): undo.take_back,
}

# What a group may pass on; Announce itself is unwrapped by `dispatch`.
ANNOUNCED = frozenset(
    {
        Kind.CREATE,
        Kind.UPDATE,
        Kind.DELETE,
        Kind.LIKE,
        Kind.DISLIKE,
        Kind.UNDO,
        Kind.ADD,
        Kind.REMOVE,
        Kind.LOCK,
        Kind.BLOCK,
        Kind.FLAG,
        Kind.RESOLVE,
        Kind.WARN,
    }
)


def find_handler(activity: ActivityDocument) -> Handler | None:
    """Return who handles an activity, the more specific line first."""
    exact = HANDLERS.get((activity.kind, activity.object_kind))
    return exact or HANDLERS.get((activity.kind, None))
