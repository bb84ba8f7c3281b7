"""Block and its Undo: from a community, or from this server (federation.md section 3.9).

Never to microblogs: Mastodon carries a bare Block out as a personal one, and one by a group cuts
the follow.
"""

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from app.accounts.models.account import Account
from app.core.addresses import local_uri
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.events import BanLifted, PersonBanned
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from federation.models.outbox_activity import Lane
from federation.outbound.activities.acts import Act, say_act, undoing
from federation.outbound.audience import Audience, everyone_known, formerly_told, people_by_uri
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.known import at_forums
from federation.vocab.outgoing import Activity
from federation.vocab.terms import PUBLIC

MAX_NAMED: Final = 500


def ban_person(event: PersonBanned) -> None:
    """Tell that somebody may not take part any more."""
    ban = session().get_one(Ban, event.ban_id)
    if _is_kept_here(ban):
        return
    if ban.community is not None:
        say_act(ban.by, _block(ban, ban.community), _home_of(ban.account))
    elif ban.by is not None and ban.by.is_local:
        _say(ban.by, ban, _server_block(ban, ban.by, ban.public_id))


def lift_ban(event: BanLifted) -> None:
    """Tell that somebody may take part again."""
    ban = session().get_one(Ban, event.ban_id)
    if _is_kept_here(ban):
        return
    by = None if event.by_id is None else session().get_one(Account, event.by_id)
    restores = event.restores_posts
    is_own = by is not None and by.id == ban.by_id
    if ban.community is not None:
        block = _block(ban, ban.community)
        said = block if is_own else replace(block, public_id=None)
        undo = undoing(by, said, event.reason, restore_data=restores)
        say_act(by, undo, _home_of(ban.account) | _former_followers(ban.account, ban.community))
    elif by is not None and by.is_local:
        block_again = _server_block(ban, by, ban.public_id if is_own else None)
        undo_block = replace(
            block_again,
            type="Undo",
            uri=new_activity_uri("Undo"),
            object=block_again,
            target=None,
            summary=event.reason or None,
            end_time=None,
            remove_data=None,
            restore_data=restores,
        )
        _say(by, ban, undo_block)


def _is_kept_here(ban: Ban) -> bool:
    """Whether it is about a community that others know nothing of."""
    return ban.community is not None and ban.community.visibility != Visibility.PUBLIC


def _block(ban: Ban, community: Community) -> Act:
    """Return the ban from a community; its own id lets it be told again inside its Undo."""
    return Act(
        verb="Block",
        object_uri=ban.account.uri,
        community=community,
        target=community.uri,
        reason=ban.reason or " ",
        end_time=ban.expires_at,
        remove_data=ban.removes_posts,
        public_id=ban.public_id,
    )


def _server_block(ban: Ban, by: Account, public_id: str | None) -> Activity:
    """Return the ban from this server: the target is its own actor, there is no audience."""
    return Activity(
        type="Block",
        uri=new_activity_uri("Block", public_id),
        actor=by.uri,
        object=ban.account.uri,
        to=(PUBLIC,),
        cc=_servers(at_forums(everyone_known())),
        target=local_uri("/"),
        summary=ban.reason or " ",
        end_time=ban.expires_at,
        remove_data=ban.removes_posts,
    )


def _servers(audience: Audience) -> tuple[str, ...]:
    """Return the addresses of the servers themselves, as Lemmy names them."""
    parts = (urlsplit(inbox) for inbox in audience.inboxes)
    roots = dict.fromkeys(f"{part.scheme}://{part.netloc}/" for part in parts)
    return tuple(roots)[:MAX_NAMED]


def _say(by: Account, ban: Ban, activity: Activity) -> None:
    publication = Publication(
        actor=by,
        activity=activity,
        object_uri=ban.account.uri,
        order_key=ban.account.uri,
        lane=Lane.CONTROL,
    )
    publish(publication, at_forums(everyone_known()))


def _former_followers(person: Account, community: Community) -> Audience:
    """Return who was told of the ban and follows no more: perhaps because it was their last."""
    if not community.is_local:
        return Audience()
    return at_forums(formerly_told(community, person.uri))


def _home_of(person: Account) -> Audience:
    return at_forums(people_by_uri([person.uri]))
