"""Documents of an imagined server, one of every shape that we send."""

from datetime import UTC, datetime

from federation.vocab.outgoing import (
    Activity,
    Application,
    Collection,
    CollectionPage,
    Group,
    Note,
    Page,
    Person,
    Tombstone,
)
from federation.vocab.outgoing_parts import (
    CollectionCount,
    File,
    Hashtag,
    Link,
    Mention,
    Picture,
    ProfileField,
    language_of,
)
from federation.vocab.terms import PUBLIC

H, BOB = "https://h.example", "https://peer.example/u/bob"
ANA, GROUP, POST, COMMENT = f"{H}/u/ana", f"{H}/c/toetsing", f"{H}/post/1", f"{H}/comment/2"
PEM = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
MORNING, COMMUNITY = datetime(2026, 8, 1, 10, 0, tzinfo=UTC), Mention(GROUP, "@toetsing@h.example")
NOON = datetime(2026, 8, 1, 12, 0, 0, 250_000, tzinfo=UTC)

RAW_CREATE = (
    b'{ "type":"Create", "@context": "https://www.w3.org/ns/activitystreams",\n'
    b'  "id":"https://peer.example/a/1","actor":"https://peer.example/u/bob",'
    b'"object":{"id":"https://peer.example/p/1","n":1.50,"caf\\u00e9":"\xc3\xa9"} }'
)

PERSON = Person(
    uri=ANA,
    preferred_username="ana",
    name="Ana",
    inbox=f"{ANA}/inbox",
    outbox=f"{ANA}/outbox",
    shared_inbox=f"{H}/inbox",
    public_key_pem=PEM,
    webfinger="ana@h.example",
    published=MORNING,
    updated=NOON,
    summary="<p>Lerarenopleider</p>",
    source="Lerarenopleider",
    followers=f"{ANA}/followers",
    following=f"{ANA}/following",
    featured=f"{ANA}/featured",
    featured_tags=f"{ANA}/tags",
    icon=Picture(f"{H}/media/ana.webp", "image/webp"),
    attribution_domains=("h.example",),
    attachments=(ProfileField("Site", '<a href="https://ana.example">ana.example</a>'),),
    generator=f"{H}/",
    also_known_as=("https://old.example/u/ana",),
)
GROUP_ACTOR = Group(
    uri=GROUP,
    preferred_username="toetsing",
    name="Toetsing",
    inbox=f"{GROUP}/inbox",
    outbox=f"{GROUP}/outbox",
    shared_inbox=f"{H}/inbox",
    public_key_pem=PEM,
    webfinger="toetsing@h.example",
    published=MORNING,
    summary="<p>Over <strong>toetsing</strong></p>",
    source="Over **toetsing**",
    followers=f"{GROUP}/followers",
    following=f"{GROUP}/following",
    featured=f"{GROUP}/featured",
    moderators=f"{GROUP}/moderators",
    description="Over toetsing",
    image=Picture(f"{H}/media/banner.webp", "image/webp"),
    languages=(language_of("nl"), language_of("en")),
    generator=f"{H}/",
)
APPLICATION = Application(
    uri=f"{H}/",
    preferred_username="h.example",
    name="Verbindplaats",
    inbox=f"{H}/inbox",
    outbox=f"{H}/outbox",
    shared_inbox=f"{H}/inbox",
    administrators=f"{H}/administrators",
    public_key_pem=PEM,
    webfinger="h.example@h.example",
    published=MORNING,
    summary="<p>Kort</p>",
    content="<p>Lang</p>",
    description="Kort",
    manually_approves_followers=True,
    discoverable=False,
    indexable=False,
    languages=(language_of("nl"),),
)
PAGE = Page(
    uri=POST,
    attributed_to=ANA,
    to=(GROUP, PUBLIC),
    cc=(f"{ANA}/followers",),
    group=COMMUNITY,
    name="Hoe toets je dit?",
    summary="<p>Een vraag</p>",
    content="<p>Een vraag</p>",
    source="Een vraag",
    language=language_of("nl"),
    attachments=(
        Picture(f"{H}/media/1.webp", "image/webp", "een tabel", 1200, 800),
        File(f"{H}/media/2.pdf", "application/pdf", "het verslag"),
        Link("https://ext.example/a"),
    ),
    image=Picture(f"{H}/media/1-thumb.webp", "image/webp"),
    hashtags=(Hashtag("toetsing", f"{H}/onderwerp/toetsing"),),
    context=f"{POST}/context",
    replies=f"{POST}/replies",
    likes=f"{POST}/likes",
    dislikes=f"{POST}/dislikes",
    shares=f"{POST}/shares",
    published=MORNING,
)
SERVED_PAGE = Page(
    uri=POST,
    attributed_to=ANA,
    to=(GROUP,),
    cc=(),
    group=COMMUNITY,
    type="Article",
    name="Besloten",
    summary="<p>Kort</p>",
    content="<p>Lang</p>",
    replies=CollectionCount(f"{POST}/replies", 3),
    likes=CollectionCount(f"{POST}/likes", 7),
    comments_enabled=False,
    published=MORNING,
    updated=MORNING,
)
NOTE = Note(
    uri=COMMENT,
    attributed_to=ANA,
    in_reply_to="https://peer.example/comment/8",
    to=(PUBLIC,),
    cc=(GROUP, BOB, f"{ANA}/followers"),
    group=COMMUNITY,
    mentions=(Mention(BOB, "@bob@peer.example"), COMMUNITY),
    content="<p>Zo</p>",
    source="Zo",
    language=language_of("nl"),
    context=f"{POST}/context",
    replies=f"{COMMENT}/replies",
    published=MORNING,
    updated=NOON,
)
TOMBSTONE = Tombstone(uri=COMMENT, former_type="Note", published=MORNING, deleted=NOON)
FOLLOW = Activity(
    type="Follow",
    uri=f"{H}/activities/follow/1",
    actor=ANA,
    object="https://peer.example/c/x",
    to=("https://peer.example/c/x",),
)
CREATE = Activity(
    type="Create",
    uri=f"{H}/activities/create/1",
    actor=ANA,
    object=PAGE,
    to=PAGE.to,
    cc=PAGE.cc,
    audience=GROUP,
    published=MORNING,
)
LIKE = Activity(
    type="Like",
    uri=f"{H}/activities/like/1",
    actor=ANA,
    object=POST,
    to=(BOB,),
    cc=(GROUP,),
    audience=GROUP,
)
DELETE = Activity(
    type="Delete",
    uri=f"{H}/activities/delete/1",
    actor=ANA,
    object=TOMBSTONE,
    to=(PUBLIC,),
    cc=(GROUP, f"{ANA}/followers"),
    audience=GROUP,
)
REMOVAL = Activity(
    type="Delete",
    uri=f"{H}/activities/delete/2",
    actor=ANA,
    object=COMMENT,
    to=(PUBLIC,),
    cc=(GROUP,),
    audience=GROUP,
    summary=" ",
    with_replies=True,
)
BLOCK = Activity(
    type="Block",
    uri=f"{H}/activities/block/1",
    actor=ANA,
    object=BOB,
    target=GROUP,
    to=(PUBLIC,),
    cc=(GROUP,),
    audience=GROUP,
    summary="spam",
    end_time=NOON,
    remove_data=False,
)
ANNOUNCE = Activity(
    type="Announce",
    uri=f"{H}/activities/announce/1",
    actor=GROUP,
    object=RAW_CREATE,
    to=(PUBLIC,),
    cc=(f"{GROUP}/followers", BOB),
    published=NOON,
)

EXAMPLES = {
    "person": PERSON,
    "group": GROUP_ACTOR,
    "application": APPLICATION,
    "page": PAGE,
    "article_served": SERVED_PAGE,
    "note": NOTE,
    "tombstone": TOMBSTONE,
    "create": CREATE,
    "update": Activity(type="Update", uri=f"{H}/activities/update/1", actor=ANA, object=NOTE),
    "delete_by_author": DELETE,
    "delete_by_moderator": REMOVAL,
    "follow": FOLLOW,
    "accept": Activity(
        type="Accept",
        uri=f"{H}/activities/accept/1",
        actor=GROUP,
        object={"type": "Follow", "id": "https://peer.example/f/1", "actor": BOB, "object": GROUP},
        to=(BOB,),
    ),
    "reject": Activity(
        type="Reject",
        uri=f"{H}/activities/reject/1",
        actor=GROUP,
        object="https://peer.example/a/1",
        to=(BOB,),
        summary="Deze discussie is gesloten",
    ),
    "undo_follow": Activity(
        type="Undo",
        uri=f"{H}/activities/undo/1",
        actor=ANA,
        object=FOLLOW,
        to=FOLLOW.to,
    ),
    "like": LIKE,
    "announce_activity": ANNOUNCE,
    "announce_post": Activity(
        type="Announce",
        uri=f"{H}/activities/announce/2",
        actor=GROUP,
        object=POST,
        to=(PUBLIC,),
        cc=(f"{GROUP}/followers",),
        published=NOON,
    ),
    "announce_votes": Activity(
        type="Announce",
        uri=f"{H}/activities/announce/3",
        actor=GROUP,
        object=(LIKE, BOB),
        to=(PUBLIC,),
    ),
    "block": BLOCK,
    "outbox": Collection(
        uri=f"{GROUP}/outbox",
        total_items=1,
        items=(ANNOUNCE,),
        first=f"{GROUP}/outbox?page=1",
    ),
    "followers": Collection(uri=f"{GROUP}/followers", total_items=12, items=(), ordered=False),
    "moderators": Collection(uri=f"{GROUP}/moderators", total_items=1, items=(ANA,)),
    "replies": Collection(
        uri=f"{POST}/replies",
        total_items=1,
        ordered=False,
        first=CollectionPage(
            uri=f"{POST}/replies?page=1",
            part_of=f"{POST}/replies",
            items=(COMMENT,),
            ordered=False,
        ),
    ),
    "context_page": CollectionPage(
        uri=f"{POST}/context?page=2",
        part_of=f"{POST}/context",
        items=(POST, COMMENT),
        total_items=202,
        next=f"{POST}/context?page=3",
        prev=f"{POST}/context?page=1",
    ),
    "context": Collection(
        uri=f"{POST}/context",
        total_items=202,
        first=f"{POST}/context?page=1",
        name="Hoe toets je dit?",
        attributed_to=GROUP,
        audience=GROUP,
    ),
}
