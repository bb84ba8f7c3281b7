"""Real documents of nine kinds of server, read from the folder `shared` beside the checkout."""

from pathlib import Path

import pytest

from federation.vocab.activities import ActivityDocument
from federation.vocab.parse import parse_any, parse_json
from federation.vocab.terms import PUBLIC, Kind

SAMPLES = Path(__file__).resolve().parents[3] / "../shared/data/activitypub"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder ../shared is not here")

# What the sample is, its verb and what the verb is about.
ACTIVITIES = [
    ("friendica/activities/create_note", Kind.CREATE, Kind.NOTE),
    ("friendica/activities/create_page_1", Kind.CREATE, Kind.NOTE),
    ("friendica/activities/create_page_2", Kind.CREATE, Kind.PAGE),
    ("friendica/activities/delete", Kind.DELETE, Kind.TOMBSTONE),
    ("friendica/activities/dislike_page", Kind.DISLIKE, Kind.UNKNOWN),
    ("friendica/activities/like_page", Kind.LIKE, Kind.UNKNOWN),
    ("friendica/activities/undo_dislike_page", Kind.UNDO, Kind.DISLIKE),
    ("friendica/activities/update_note", Kind.UPDATE, Kind.NOTE),
    ("lemmy/activities/block/block_user", Kind.BLOCK, Kind.UNKNOWN),
    ("lemmy/activities/block/undo_block_user", Kind.UNDO, Kind.BLOCK),
    ("lemmy/activities/community/add_featured_post", Kind.ADD, Kind.UNKNOWN),
    ("lemmy/activities/community/add_mod", Kind.ADD, Kind.UNKNOWN),
    ("lemmy/activities/community/announce_create_page", Kind.ANNOUNCE, Kind.CREATE),
    ("lemmy/activities/community/lock_note", Kind.LOCK, Kind.UNKNOWN),
    ("lemmy/activities/community/lock_page", Kind.LOCK, Kind.UNKNOWN),
    ("lemmy/activities/community/remove_featured_post", Kind.REMOVE, Kind.UNKNOWN),
    ("lemmy/activities/community/remove_mod", Kind.REMOVE, Kind.UNKNOWN),
    ("lemmy/activities/community/report_page", Kind.FLAG, Kind.UNKNOWN),
    ("lemmy/activities/community/resolve_report_page", Kind.RESOLVE, Kind.FLAG),
    ("lemmy/activities/community/undo_lock_note", Kind.UNDO, Kind.LOCK),
    ("lemmy/activities/community/undo_lock_page", Kind.UNDO, Kind.LOCK),
    ("lemmy/activities/community/update_community", Kind.UPDATE, Kind.GROUP),
    ("lemmy/activities/community/warn", Kind.WARN, Kind.UNKNOWN),
    ("lemmy/activities/create_or_update/create_comment", Kind.CREATE, Kind.NOTE),
    ("lemmy/activities/create_or_update/create_page", Kind.CREATE, Kind.PAGE),
    ("lemmy/activities/create_or_update/create_private_message", Kind.CREATE, Kind.NOTE),
    ("lemmy/activities/create_or_update/create_private_message_0.19", Kind.CREATE, Kind.NOTE),
    ("lemmy/activities/create_or_update/update_page", Kind.UPDATE, Kind.PAGE),
    ("lemmy/activities/deletion/delete_page", Kind.DELETE, Kind.UNKNOWN),
    ("lemmy/activities/deletion/delete_private_message", Kind.DELETE, Kind.UNKNOWN),
    ("lemmy/activities/deletion/delete_user", Kind.DELETE, Kind.UNKNOWN),
    ("lemmy/activities/deletion/remove_note", Kind.DELETE, Kind.UNKNOWN),
    ("lemmy/activities/deletion/undo_delete_page", Kind.UNDO, Kind.DELETE),
    ("lemmy/activities/deletion/undo_delete_private_message", Kind.UNDO, Kind.DELETE),
    ("lemmy/activities/deletion/undo_remove_note", Kind.UNDO, Kind.DELETE),
    ("lemmy/activities/following/accept", Kind.ACCEPT, Kind.FOLLOW),
    ("lemmy/activities/following/follow", Kind.FOLLOW, Kind.UNKNOWN),
    ("lemmy/activities/following/undo_follow", Kind.UNDO, Kind.FOLLOW),
    ("lemmy/activities/voting/dislike_page", Kind.DISLIKE, Kind.UNKNOWN),
    ("lemmy/activities/voting/like_note", Kind.LIKE, Kind.UNKNOWN),
    ("lemmy/activities/voting/undo_dislike_page", Kind.UNDO, Kind.LIKE),
    ("lemmy/activities/voting/undo_like_note", Kind.UNDO, Kind.LIKE),
    ("mastodon/activities/create_note", Kind.CREATE, Kind.NOTE),
    ("mastodon/activities/delete", Kind.DELETE, Kind.TOMBSTONE),
    ("mastodon/activities/flag", Kind.FLAG, Kind.UNKNOWN),
    ("mastodon/activities/follow", Kind.FOLLOW, Kind.UNKNOWN),
    ("mastodon/activities/like_page", Kind.LIKE, Kind.UNKNOWN),
    ("mastodon/activities/undo_follow", Kind.UNDO, Kind.FOLLOW),
    ("mastodon/activities/undo_like_page", Kind.UNDO, Kind.LIKE),
    ("mbin/activities/accept", Kind.ACCEPT, Kind.FOLLOW),
    ("mbin/activities/flag", Kind.FLAG, Kind.UNKNOWN),
    ("peertube/activities/announce_video", Kind.ANNOUNCE, Kind.UNKNOWN),
    ("pleroma/activities/create_note", Kind.CREATE, Kind.NOTE),
    ("pleroma/activities/delete", Kind.DELETE, Kind.UNKNOWN),
    ("pleroma/activities/follow", Kind.FOLLOW, Kind.UNKNOWN),
    ("wordpress/activities/announce", Kind.ANNOUNCE, Kind.UPDATE),
]

# Kind, user name, and whether there is a shared inbox.
ACTORS = [
    ("friendica/objects/person_1", Kind.PERSON, "jakob", True),
    ("friendica/objects/person_2", Kind.PERSON, "informapirata", True),
    ("lemmy/objects/group", Kind.GROUP, "tenforward", True),
    ("lemmy/objects/instance", Kind.APPLICATION, "enterprise.lemmy.ml", False),
    ("lemmy/objects/person", Kind.PERSON, "picard", True),
    ("mastodon/objects/person", Kind.PERSON, "mastodon", True),
    ("mbin/objects/instance", Kind.APPLICATION, "fedia.io", False),
    ("mobilizon/objects/group", Kind.GROUP, "contribateliers", True),
    ("mobilizon/objects/person", Kind.PERSON, "sanof44", True),
    ("nodebb/objects/group", Kind.GROUP, "general", True),
    ("nodebb/objects/person", Kind.PERSON, "julian", True),
    ("peertube/objects/group", Kind.GROUP, "thelinuxexperiment_channel", True),
    ("peertube/objects/person", Kind.PERSON, "thelinuxexperiment", True),
    ("pleroma/objects/person", Kind.PERSON, "lanodan", True),
    ("wordpress/objects/group", Kind.GROUP, "dbzer0.com", True),
    ("wordpress/objects/person", Kind.PERSON, "matthias", True),
]

# Kind, community as the peer names it, parent, language.
OBJECTS = [
    ("friendica/objects/note_1", Kind.NOTE, None, "https://lemmy.schuerz.at/post/25360", "de"),
    ("friendica/objects/note_2", Kind.NOTE, None, "https://lemmy.ml/comment/167904", "en"),
    ("friendica/objects/page_1", Kind.PAGE, None, None, "de"),
    ("friendica/objects/page_2", Kind.PAGE, None, None, "de"),
    (
        "lemmy/objects/comment",
        Kind.NOTE,
        "https://enterprise.lemmy.ml/c/tenforward",
        "https://enterprise.lemmy.ml/post/55143",
        "fr",
    ),
    ("lemmy/objects/page", Kind.PAGE, "https://enterprise.lemmy.ml/c/tenforward", None, "fr"),
    (
        "lemmy/objects/page_image_and_link",
        Kind.PAGE,
        "https://enterprise.lemmy.ml/c/tenforward",
        None,
        "fr",
    ),
    ("lemmy/objects/private_message", Kind.NOTE, None, None, None),
    (
        "mastodon/activities/private_message",
        Kind.NOTE,
        None,
        "https://mastodon.world/users/nutomic/statuses/110854464248188528",
        "es",
    ),
    (
        "mastodon/objects/note_1",
        Kind.NOTE,
        None,
        "https://mamot.fr/users/retiolus/statuses/107224244380204526",
        "en",
    ),
    (
        "mastodon/objects/note_2",
        Kind.NOTE,
        None,
        "https://floss.social/users/kde/statuses/113306824627995724",
        "en",
    ),
    ("mastodon/objects/page", Kind.NOTE, None, None, "it"),
    (
        "mobilizon/objects/event",
        Kind.PAGE,
        "https://rendezvous.nomagic.uk/@devon_caledonian_society",
        None,
        "en",
    ),
    ("nodebb/objects/page", Kind.PAGE, "https://bb.devnull.land/category/2", None, None),
    (
        "peertube/objects/note",
        Kind.NOTE,
        None,
        "https://bae.st/objects/87c1cbf5-542a-491d-af57-0414c8648381",
        None,
    ),
    (
        "peertube/objects/video",
        Kind.PAGE,
        "https://tilvids.com/video-channels/thelinuxexperiment_channel",
        None,
        "en",
    ),
    ("pleroma/objects/chat_message", Kind.NOTE, None, None, None),
    ("pleroma/objects/note", Kind.NOTE, None, "https://enterprise.lemmy.ml/post/55143", None),
    (
        "wordpress/objects/note",
        Kind.NOTE,
        None,
        "https://socialhub.activitypub.rocks/ap/object/ce040f1ead95964f6dbbf1084b81432d",
        "en",
    ),
    ("wordpress/objects/page", Kind.PAGE, "https://dbzer0.com/?author=0", None, "en"),
]

# Kind, members that can be read, size as the peer tells it.
OTHERS = [
    ("lemmy/collections/group_featured_posts", Kind.COLLECTION, 2, 2),
    ("lemmy/collections/group_followers", Kind.COLLECTION, 0, 3),
    ("lemmy/collections/group_moderators", Kind.COLLECTION, 1, None),
    ("lemmy/collections/group_outbox", Kind.COLLECTION, 2, 2),
    ("lemmy/collections/person_outbox", Kind.COLLECTION, 0, 0),
    ("lemmy/objects/tombstone", Kind.TOMBSTONE, 0, None),
    ("mastodon/collections/featured", Kind.COLLECTION, 1, 1),
]

# Nothing is refused: every one of these documents can be read.
REFUSED: list[str] = []


def read(name):
    return parse_any(parse_json((SAMPLES / f"{name}.json").read_bytes()))


def test_every_sample_is_in_a_table():
    found = {
        path.relative_to(SAMPLES).with_suffix("").as_posix() for path in SAMPLES.rglob("*.json")
    }

    assert found == {row[0] for row in (*ACTIVITIES, *ACTORS, *OBJECTS, *OTHERS)} | set(REFUSED)


@pytest.mark.parametrize(("name", "kind", "about"), ACTIVITIES)
def test_an_activity_says_what_happened_to_what(name, kind, about):
    document = read(name)

    assert isinstance(document, ActivityDocument)
    assert (document.kind, document.object_kind) == (kind, about)
    assert document.uri.startswith("http")
    assert document.actor.startswith("http")
    assert document.objects


@pytest.mark.parametrize(("name", "kind", "username", "shares_inbox"), ACTORS)
def test_an_actor_has_a_name_a_key_and_an_inbox(name, kind, username, shares_inbox):
    document = read(name)

    assert document.kind is kind
    assert document.preferred_username == username
    assert document.inbox.startswith("https://")
    assert (document.shared_inbox is not None) is shares_inbox
    assert document.owns_key(document.public_key_id)


@pytest.mark.parametrize(("name", "kind", "group", "parent", "language"), OBJECTS)
def test_a_post_has_an_author_a_text_and_a_place_in_a_thread(name, kind, group, parent, language):
    document = read(name)

    assert document.kind is kind
    assert document.attributed_to.startswith("https://")
    assert document.content
    assert document.published is not None
    assert (document.group, document.in_reply_to, document.language) == (group, parent, language)


@pytest.mark.parametrize(("name", "kind", "members", "total"), OTHERS)
def test_a_list_has_its_members(name, kind, members, total):
    document = read(name)

    assert document.kind is kind
    assert len(getattr(document, "member_uris", ())) == members
    assert getattr(document, "total_items", None) == total


def test_a_flag_names_all_that_it_is_about():
    assert len(read("mastodon/activities/flag").objects) == 3
    assert len(read("mbin/activities/flag").objects) == 2


def test_an_announce_of_a_page_can_be_followed_to_the_page():
    announce = read("lemmy/activities/community/announce_create_page")

    assert announce.object.object.kind is Kind.PAGE
    assert announce.object.object.attributed_to == announce.object.actor


def test_markdown_is_found_where_peers_put_it():
    assert read("lemmy/objects/comment").source_markdown
    assert read("nodebb/objects/page").source_markdown
    assert read("peertube/objects/note").source_markdown
    assert read("pleroma/objects/note").source_markdown is None


def test_links_pictures_and_tags_are_found():
    page = read("lemmy/objects/page_image_and_link")
    event = read("mobilizon/objects/event")
    article = read("wordpress/objects/page")

    assert page.first_link == "https://example.com/some-article"
    assert [attachment.is_image for attachment in page.attachments] == [True, False]
    assert event.hashtags == ("Dance", "Caledonian", "Lesson")
    assert event.location == "The Kenn Centre"
    assert event.end_time > event.start_time
    assert len(article.attachments) == 4


def test_who_may_read_is_clear():
    assert PUBLIC in read("mastodon/objects/note_1").recipients
    assert not read("mastodon/activities/private_message").is_public
    assert not read("lemmy/objects/private_message").is_public
