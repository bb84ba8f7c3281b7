"""Telling somebody elsewhere why a community did not take what they wrote (federation.md 2.4, 3.4).

Microblogs get a private Note by the community, which their people see as a message; forum servers a
Reject of the Create with the reason as its summary, as they take messages from people only (Lemmy).
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from html import escape
from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.settings import current_settings
from app.forum.models.community import Community
from federation.events import AuthorTurnedAway, TurnedAwayBecause
from federation.models.delivery import DeliveryDialect
from federation.models.inbox_activity import InboxActivity
from federation.models.outbox_activity import Lane
from federation.outbound.audience import own_inbox
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.outbox import find_newest
from federation.outbound.serializers.posted import mention_of
from federation.vocab.outgoing import Activity, Note
from federation.vocab.outgoing_parts import language_of

ONE_IN: Final = timedelta(hours=1)
MOST_QUOTED: Final = 65_536
LOCALES: Final = frozenset({"nl", "en"})

_SENTENCES: Final[Mapping[TurnedAwayBecause, Callable[[str], str]]] = {
    TurnedAwayBecause.NOT_PUBLIC: lambda group: _(
        "Je bericht aan %(group)s is niet openbaar. Deze groep plaatst alleen openbare berichten."
        " Maak je bericht openbaar en stuur het opnieuw.",
        group=group,
    ),
    TurnedAwayBecause.BANNED: lambda group: _(
        "Je kunt niet meedoen in %(group)s. Je bericht staat er daarom niet.", group=group
    ),
    TurnedAwayBecause.LOCKED: lambda group: _(
        "Dit gesprek in %(group)s is gesloten. Je reactie staat er daarom niet.", group=group
    ),
    TurnedAwayBecause.RESTRICTED: lambda group: _(
        "In %(group)s beginnen alleen moderators een gesprek. Je bericht staat er daarom niet.",
        group=group,
    ),
    TurnedAwayBecause.MEMBERS_ONLY: lambda group: _(
        "In %(group)s schrijven alleen leden. Volg de groep eerst en stuur je bericht opnieuw.",
        group=group,
    ),
    TurnedAwayBecause.CLOSED: lambda group: _(
        "De groep %(group)s is gesloten. Je bericht staat er daarom niet.", group=group
    ),
}


def answer_author(event: AuthorTurnedAway) -> None:
    """Say why: to people on microblogs at most once an hour, to forum servers for every text."""
    author = session().get_one(Account, event.account_id)
    community = session().get_one(Community, event.community_id)
    with force_locale(_locale_of(community)):
        sentence = str(_SENTENCES[event.because](community.title))
    _reject(event, author, community, sentence)
    former = find_newest("Create", community, author.uri)
    if former is None or former.made_at <= utcnow() - ONE_IN:
        _write(event, author, community, sentence)


def _locale_of(community: Community) -> str:
    language = community.language.partition("-")[0]
    return language if language in LOCALES else current_settings().locale


def _reject(event: AuthorTurnedAway, author: Account, community: Community, sentence: str) -> None:
    row = session().get(InboxActivity, event.inbox_activity_id)
    is_quoted = row is not None and 0 < len(row.body) <= MOST_QUOTED  # or each costs us twice
    activity = Activity(
        type="Reject",
        uri=new_activity_uri("Reject"),
        actor=community.uri,
        object=row.body if row is not None and is_quoted else event.object_uri,
        to=(author.uri,),
        summary=sentence,
    )
    _send(community, author, activity, event.object_uri, DeliveryDialect.FORUMS)


def _write(event: AuthorTurnedAway, author: Account, community: Community, sentence: str) -> None:
    """Send a message to one person: without the Mention, Mastodon does not show it as one."""
    uri = new_activity_uri("Create")
    mention = mention_of(author)
    link = f'<a href="{escape(author.url)}" class="u-url mention">{escape(f"@{author.handle}")}</a>'
    now = utcnow()
    note = Note(
        uri=f"{uri}#note",
        attributed_to=community.uri,
        in_reply_to=event.object_uri,
        to=(author.uri,),
        cc=(),
        content=f"<p>{link} {escape(sentence)}</p>",
        language=language_of(_locale_of(community)),
        mentions=(mention,),
        published=now,
    )
    activity = Activity(
        type="Create",
        uri=uri,
        actor=community.uri,
        object=note,
        to=(author.uri,),
        published=now,
    )
    _send(community, author, activity, author.uri, DeliveryDialect.MICROBLOGS)


def _send(
    community: Community,
    author: Account,
    activity: Activity,
    object_uri: str,
    dialect: DeliveryDialect,
) -> None:
    publication = Publication(
        actor=community,
        activity=activity,
        object_uri=object_uri,
        order_key=f"{community.uri} {author.uri}",
        lane=Lane.CONTROL,
        is_public=False,
    )
    publish(publication, own_inbox(author).for_dialect(dialect))
