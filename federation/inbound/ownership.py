"""What an activity may speak of, told by origins: asked before it is stored.

FEP-fe34: the signer, the activity, and the object and its author are of one origin, or the activity
is not this signer's to send. What depends on rows (moderators, members) the handlers ask; here only
where the gate would else refuse a moderator.
"""

from federation.errors import RefusedError, UnverifiedError
from federation.inbound.authority import moderates_here
from federation.vocab.activities import ActivityDocument
from federation.vocab.actors import ActorDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import same_origin
from federation.vocab.terms import Kind

OWN_OBJECT_ONLY = frozenset({Kind.CREATE, Kind.UPDATE})
OWN_ACTIVITY_ONLY = frozenset({Kind.UNDO})
# Moderators undo what other moderators did.
OF_MODERATORS = frozenset({Kind.DELETE, Kind.BLOCK, Kind.LOCK})


def check_signer(activity: ActivityDocument, signer_uri: str) -> None:
    """Require that who signed is who acts, and that the activity has an id of its own server."""
    if activity.actor != signer_uri:
        raise UnverifiedError("signer-is-not-actor")
    if not same_origin(activity.uri, activity.actor):
        raise RefusedError("activity-id-elsewhere")


def check_objects(activity: ActivityDocument) -> None:
    """Require that what is embedded is the actor's own, where nothing else can be meant."""
    if activity.kind in OWN_OBJECT_ONLY:
        for thing in activity.objects:
            if isinstance(thing, ObjectDocument):
                _check_text(activity, thing)
            elif isinstance(thing, ActorDocument) and thing.uri != activity.actor:
                _check_group_update(activity, thing)
    if activity.kind in OWN_ACTIVITY_ONLY:
        inner = activity.object
        if isinstance(inner, ActivityDocument) and inner.kind not in OF_MODERATORS:
            _check_own_activity(activity, inner)


def _check_text(activity: ActivityDocument, thing: ObjectDocument) -> None:
    """Allow besides the author only who moderates where the text stands, in a group of ours."""
    try:
        check_authorship(activity, thing)
    except RefusedError:
        if activity.kind is not Kind.UPDATE or not moderates_here(activity.actor, thing.uri):
            raise


def check_authorship(activity: ActivityDocument, thing: ObjectDocument) -> None:
    """Require that a post or comment is of the actor's origin and written by the actor."""
    if thing.uri and not same_origin(thing.uri, activity.actor):
        raise RefusedError("object-elsewhere")
    if thing.attributed_to != activity.actor:
        raise RefusedError("author-is-not-actor")


def _check_group_update(activity: ActivityDocument, thing: ActorDocument) -> None:
    """Allow only that a moderator tells of a group of the same server (Lemmy)."""
    if thing.kind is not Kind.GROUP or not same_origin(thing.uri, activity.actor):
        raise RefusedError("actor-of-another")


def _check_own_activity(activity: ActivityDocument, inner: ActivityDocument) -> None:
    if inner.actor != activity.actor:
        raise RefusedError("undo-of-another")
    if inner.uri and not same_origin(inner.uri, activity.actor):
        raise RefusedError("undo-of-another")
