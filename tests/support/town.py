"""A server with people, conversations, a directory and news in it, for whoever opens its pages."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from app.accounts.models.account import Account
from app.accounts.queries import find_local_account
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.core.outgoing import http_client
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind
from app.forum.origin import Remote
from app.forum.services import comments, posts
from app.forum.services.bans import BanTerms, ban_person
from app.forum.services.memberships import join_community
from app.forum.services.votes import cast_vote
from app.moderation.services.reports import make_report
from directory.services.imports import import_starter
from feeds.ingest.claims import make_job
from feeds.ingest.fetch import fetch_feed
from feeds.ingest.outcomes import record_all
from feeds.services.feeds import add_feed
from tests.support.browser import Site
from tests.support.exchange import add_exchange
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.feedserver import FeedServer, item, rss

QUESTION = "How do you assess learning outcomes?"
LISTING = "platform-leren-van-toetsen"
LONG = 50
NEST = 5


@dataclass(frozen=True)
class Town:
    """Where things are; paths of pages and of what can be done."""

    question: str
    answer: str
    link: str
    long: str
    gone: str
    warning: str
    report: str
    ban: str
    lift: str
    refused: str
    waiting: str
    moved: str
    searching: str
    not_found: str
    from_home: str
    intent: str
    feed: str
    site: Site


def build_town(app: Flask, server: FeedServer) -> Town:
    """Fill the database of `app`; the people are anna (admin), bram, carla, and dirk (banned)."""
    site = Site(app)
    for name in ("anna", "bram", "carla", "dirk"):
        site.person(name, admin=name == "anna")
    with app.app_context():
        with unit_of_work():
            import_starter()
        found = _write_conversations(_known("anna"), _known("bram"), _known("carla"))
        feed = _read_news(server)
    return Town(**found, feed=feed, site=site)


def _known(name: str) -> Account:
    account = find_local_account(name)
    assert account is not None
    return account


def _write_conversations(anna: Account, bram: Account, carla: Account) -> dict[str, str]:
    group = make_community("assessment", owner=anna)
    make_community("elsewhere", host="elders.test")
    with unit_of_work():
        join_community(bram, group)
    question = make_post(group, bram, QUESTION, "We look for a **rubric**.\n\n- one\n- two")
    answer = _nest(question, anna, carla)
    _answer_from_elsewhere(question)
    removed = make_comment(question, carla, "Buy now.")
    reported = make_comment(question, carla, "Not so nice.")
    gone = make_post(group, carla, "Gone", "Gone.", PostKind.DISCUSSION)
    with unit_of_work():
        cast_vote(bram, answer)
        comments.remove_comment(removed, anna, "Advertising.")
        make_report(bram, reported, "rules: not nice")
        posts.delete_post(gone, carla)
        terms = BanTerms("Advertising, again and again.", utcnow() + timedelta(days=30))
        ban = ban_person(anna, _known("dirk"), group, terms)
    paths = {"question": question, "long": _long_thread(group, bram, carla), "gone": gone}
    found = {name: f"/post/{post.public_id}" for name, post in paths.items()}
    return {
        **found,
        **add_exchange(bram, question),
        "answer": f"/comment/{answer.public_id}",
        "warning": f"/waarschuwen/comment/{reported.public_id}",
        "report": f"/melden/comment/{reported.public_id}",
        "ban": f"/c/assessment/blokkeren/{carla.public_id}",
        "lift": f"/blokkades/{ban.public_id}/opheffen",
        "link": f"/post/{_link(group, anna).public_id}",
    }


def _answer_from_elsewhere(question: Post) -> None:
    guest = make_account("guest", host="elders.test", display_name="Guest")
    text = '<p>We write about it <a href="https://elders.test/text">here</a>.</p>'
    draft = comments.CommentDraft(body_source="", body_html=text)
    origin = Remote(uri="http://elders.test/comment/1", published=utcnow())
    with unit_of_work():
        comments.publish_comment(guest, question, None, draft, origin)


def _nest(question: Post, anna: Account, carla: Account) -> Comment:
    first = last = make_comment(question, anna, "We meet twice a year.")
    for number in range(NEST):
        writer = (carla, anna)[number % 2]
        last = make_comment(question, writer, f"And the hours, part {number}?", last)
    return first


def _long_thread(group: Community, bram: Account, carla: Account) -> Post:
    long = make_post(group, bram, "A long conversation", "Tell.", PostKind.DISCUSSION)
    for number in range(LONG):
        text = f"This is thought {number}, with a few words more, as people write them. " * 4
        make_comment(long, (bram, carla)[number % 2], text)
    return long


def _link(group: Community, writer: Account) -> Post:
    draft = posts.PostDraft(
        title="Worth reading",
        body_source="",
        kind=PostKind.LINK,
        link_url="https://elders.test/text",
    )
    with unit_of_work():
        return posts.publish_post(writer, group, draft)


def _read_news(server: FeedServer) -> str:
    items = [item(day, title=f"Item {day}", description=f"News {day}.") for day in range(1, 9)]
    server.put("/feed", rss(*items))
    with unit_of_work():
        feed = add_feed(server.url("/feed"), "Platform Leren van Toetsen", f"/gids/{LISTING}")
    record_all([fetch_feed(http_client(), make_job(feed, utcnow()))])
    return f"/nieuws/bronnen/{feed.public_id}"
