"""What a moderator does: said by that person, passed on by the community (federation.md 3.6-3.9).

Forum servers only: what microblogs would make of a bare Block or Lock is another thing altogether.
"""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.models.account import Account
from app.forum.models.community import Community
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.activities.announce import Passing, pass_on
from federation.outbound.audience import Audience, home_of
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.outbox import find_newest
from federation.outbound.provenance import received_act
from federation.vocab.outgoing import Activity, Content, Verb
from federation.vocab.terms import PUBLIC


@dataclass(frozen=True)
class Act:
    """What is done to what, in which community; `content` stands for the bare id of the object.

    `reason` is told as `summary`. `order_key` defaults to the object. With a `public_id` the
    activity can be told again as it was.
    """

    verb: Verb
    object_uri: str
    community: Community
    content: Content | None = None
    target: str | None = None
    reason: str | None = None
    end_time: datetime | None = None
    remove_data: bool | None = None
    restore_data: bool | None = None
    order_key: str = ""
    lane: Lane = Lane.CONTROL
    public_id: str | None = None

    def as_activity(self, by: Account) -> Activity:
        """Return the activity as one of our moderators says it."""
        return Activity(
            type=self.verb,
            uri=new_activity_uri(self.verb, self.public_id),
            actor=by.uri,
            object=self.content or self.object_uri,
            to=(PUBLIC,),
            cc=(self.community.uri,),
            audience=self.community.uri,
            target=self.target,
            summary=self.reason,
            end_time=self.end_time,
            remove_data=self.remove_data,
            restore_data=self.restore_data,
        )

    @property
    def passing(self) -> Passing:
        """How the community passes it on."""
        return Passing(self.object_uri, self.order_key or self.object_uri, self.lane)


def say_act(by: Account | None, act: Act, *audiences: Audience) -> None:
    """Tell the followers of a community of ours, or the home of another; then `audiences`.

    What a moderator elsewhere did in a community of ours is passed on byte for byte. `by` is None
    when another server itself decided: that is told by that server. Whether it is about what others
    may know is for the caller to say.
    """
    if by is None:
        return
    if by.is_local:
        row = say_alone(by, act, *_homes(act.community), *audiences)
        pass_on(act.community, row.body, act.passing)
    elif (inner := received_act(act.verb, act.object_uri)) is not None:
        pass_on(act.community, inner, act.passing)


def say_alone(by: Account, act: Act, *audiences: Audience) -> OutboxActivity:
    """Say it to `audiences` and nobody else."""
    publication = Publication(
        actor=by,
        activity=act.as_activity(by),
        object_uri=act.object_uri,
        order_key=act.order_key or act.object_uri,
        lane=act.lane,
    )
    return publish(publication, *audiences)


def undoing(
    by: Account | None, act: Act, reason: str = "", *, restore_data: bool | None = None
) -> Act:
    """Return the Undo of an act: of what `by` said, or (somebody else did it) of the same anew.

    One undoes only what is one's own: Lemmy refuses the Undo of another moderator's act.
    """
    return Act(
        verb="Undo",
        object_uri=act.object_uri,
        community=act.community,
        content=None if by is None or not by.is_local else _former(by, act),
        reason=reason or None,
        restore_data=restore_data,
        order_key=act.order_key,
        lane=act.lane,
    )


def _former(by: Account, act: Act) -> Content:
    """Return the act as it was said; with a target the object alone does not tell which it was."""
    said = find_newest(act.verb, by, act.object_uri) if act.target is None else None
    return act.as_activity(by) if said is None else said.body


def _homes(community: Community) -> list[Audience]:
    if community.is_local:
        return []
    return [home_of(community).for_dialect(DeliveryDialect.FORUMS)]
