"""One eventful day on a stage: everything that we send and serve is said at least once."""

from datetime import timedelta

from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.services import followings
from app.accounts.services.deletion import delete_account
from app.accounts.services.profiles import ProfileDraft, edit_profile
from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post, PostKind
from app.forum.services import bans, comments, communities, memberships, posts, verdicts, votes
from app.forum.services.drafts import AttachmentDraft
from app.moderation.models.report import Report
from app.moderation.services import reports, warnings
from federation.dereference.lookup import look_up_actor
from federation.dereference.moves import settle_move
from tests.interop.cases.moderation import thread_there
from tests.interop.stage import OURS, Json, Stage
from tests.support.factories import make_account

PICTURE = AttachmentDraft("https://ons.test/media/1.webp", "image/webp", "Een rubric")
HANDOUT = AttachmentDraft("https://ons.test/media/2.pdf", "application/pdf", "Handreiking")


def live(stage: Stage) -> None:
    """Live the day; what was sent is at the peer."""
    stage.follow()
    stage.follow(stage.anna.uri)
    stage.says(stage.peer.follow(stage.mia, stage.toetsing.uri), stage.mia)
    post = _publish(stage)
    comment = stage.reply(post, body=f"Vraag het @bob@{stage.peer.host}.")
    _change(stage, post, comment)
    _vote(stage)
    _moderate(stage, post)
    if stage.peer.is_forum:
        _go_there(stage)
    _part(stage)


def fetch_all(stage: Stage) -> list[Json]:
    """Return one of each document that we serve."""
    post = _publish(stage)
    comment = stage.reply(post)
    stage.does(posts.pin_post, post, stage.anna, True)
    gone = stage.publish(title="Weg")
    stage.does(posts.delete_post, gone, stage.anna)
    lists = ("outbox", "outbox?page=1", "followers", "following", "moderators", "featured")
    paths = [f"{stage.toetsing.uri}/{name}" for name in lists]
    paths += [f"{stage.anna.uri}/{name}" for name in ("outbox", "followers", "following")]
    paths += [f"{post.uri}/{name}" for name in ("replies", "context")]
    owners = [f"http://{OURS}/", stage.anna.uri, stage.toetsing.uri]
    things = [post.uri, comment.uri, gone.uri]
    return [stage.fetch(uri) for uri in (*owners, *things, *paths)]


def _publish(stage: Stage) -> Post:
    return stage.publish(
        kind=PostKind.LINK,
        link_url="https://voorbeeld.test/artikel",
        attachments=(PICTURE, HANDOUT),
        body_source=f"Wij **zoeken** een vorm, @bob@{stage.peer.host}.",
    )


def _change(stage: Stage, post: Post, comment: Comment) -> None:
    draft = posts.PostDraft(title="Anders", body_source="Anders.", attachments=(PICTURE,))
    stage.does(posts.edit_post, post, draft, stage.anna)
    answer = comments.CommentDraft(body_source="Anders.")
    stage.does(comments.edit_comment, comment, answer, stage.carla)
    stage.does(edit_profile, stage.anna, ProfileDraft("Anna Jansen", bio_source="Over *mij*."))
    about = communities.CommunityDraft(title="Toetsing", description="Over **toetsen**.")
    stage.does(communities.edit_community, stage.toetsing, about, stage.anna)
    stage.does(comments.delete_comment, comment, stage.carla)


def _vote(stage: Stage) -> None:
    asked = stage.found(stage.asked()["id"])
    stage.does(votes.cast_vote, stage.carla, asked)
    stage.does(votes.retract_vote, stage.carla, asked)
    stage.does(reports.make_report, stage.carla, asked, "Dit is reclame.")
    stage.does(warnings.warn_person, stage.anna, asked, "Blijf bij het vak.")
    things = [stage.publish(title="Nog een vraag").uri, stage.anna.uri]
    stage.says(stage.peer.report(stage.bob, things, stage.toetsing.uri, "Dit is reclame."))
    flag = session().scalars(select(Report).order_by(Report.id.desc())).first()
    assert flag is not None
    stage.does(reports.resolve_report, flag, stage.anna, "Dit mag.")


def _moderate(stage: Stage, post: Post) -> None:
    for state in (True, False):
        stage.does(posts.pin_post, post, stage.anna, state)
        stage.does(posts.lock_post, post, stage.anna, state, "uitgepraat")
    stage.does(memberships.join_community, stage.carla, stage.toetsing)
    for state in (True, False):
        stage.does(memberships.set_moderator, stage.toetsing, stage.carla, state, stage.anna)
    stage.does(verdicts.remove, post, stage.anna, "dubbel")
    stage.does(verdicts.restore, post, stage.anna)
    bob = stage.account(stage.bob)
    terms = bans.BanTerms("reclame", utcnow() + timedelta(days=7))
    ban = stage.does(bans.ban_person, stage.anna, bob, stage.toetsing, terms)
    stage.does(bans.lift_ban, stage.anna, ban)
    chief = make_account("chef", admin=True)
    stage.does(bans.ban_person, chief, stage.account(stage.mia), None, bans.BanTerms("spam"))


def _go_there(stage: Stage) -> None:
    """Take part in a community there, then leave it."""
    group = stage.joined()
    community = stage.community(group)
    theirs = thread_there(stage, group)
    stage.reply(theirs)
    stage.does(votes.cast_vote, stage.anna, theirs)
    own = stage.publish(community)
    stage.does(posts.delete_post, own, stage.anna)
    stage.does(reports.make_report, stage.anna, theirs, "Dit is reclame.")
    stage.does(memberships.leave_community, stage.anna, community)


def _part(stage: Stage) -> None:
    """Follow somebody, stop, put somebody out, leave for good."""
    bob = look_up_actor(stage.bob.uri)
    assert isinstance(bob, Account)
    stage.does(followings.request_follow, stage.carla, bob)
    stage.does(followings.end_follow, stage.carla, bob)
    ada = stage.person("ada")
    stage.says(stage.peer.follow(ada, stage.toetsing.uri), ada)
    stage.does(memberships.expel_member, stage.account(ada), stage.toetsing, stage.anna)
    new = stage.fediverse.person("anna", "elders.test", alsoKnownAs=[stage.anna.uri])
    stage.does(settle_move, stage.anna, look_up_actor(new.uri), stage.anna)
    stage.does(delete_account, stage.carla)
