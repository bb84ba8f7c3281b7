"""Which domain event becomes which activity: the whole of what we send, on one screen.

FEDERATION.md lists the same; a test compares them, and holds every event against both lists.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from app.accounts.events import (
    AccountDeleted,
    AccountMoved,
    AccountRegistered,
    FollowApproved,
    FollowEnded,
    FollowRefused,
    FollowRequested,
    ProfileEdited,
)
from app.core.events import Event
from app.forum.events import (
    BanLifted,
    CommentApproved,
    CommentDeleted,
    CommentEdited,
    CommentHeld,
    CommentPublished,
    CommentRefused,
    CommentRemoved,
    CommentRestored,
    CommentSentAgain,
    CommentTurnedDown,
    CommunityClosed,
    CommunityEdited,
    CommunityFounded,
    CommunityMoved,
    MembershipApproved,
    MembershipEnded,
    MembershipRefused,
    MembershipRequested,
    ModeratorsChanged,
    PersonBanned,
    PostApproved,
    PostDeleted,
    PostEdited,
    PostHeld,
    PostLocked,
    PostPinned,
    PostPublished,
    PostRefused,
    PostRemoved,
    PostRestored,
    PostSentAgain,
    PostTurnedDown,
    ThreadRead,
    VoteCast,
    VoteRetracted,
)
from app.forum.marking_events import PostMarked
from app.moderation.events import ActLogged, HostRuled, PersonWarned, ReportMade, ReportResolved
from directory.events import ListingAdded, ListingEdited
from federation.events import AuthorTurnedAway, QuoteRequested, SuccessorFollowed
from federation.outbound.activities import (
    actors,
    again,
    bans,
    content,
    follow,
    like,
    moderation,
    move,
    quotes,
    removal,
    reports,
    turning_away,
)
from feeds.events import EntryFound, EntryRevised, FeedAdded, FeedGone

Publisher: TypeAlias = Callable[[Any], None]

PUBLISHERS: Final[Mapping[type[Event], Publisher]] = {
    MembershipRequested: follow.request_membership,
    MembershipApproved: follow.approve_membership,
    MembershipRefused: follow.refuse_membership,
    MembershipEnded: follow.end_membership,
    FollowRequested: follow.request_follow,
    FollowApproved: follow.approve_follow,
    FollowRefused: follow.refuse_follow,
    FollowEnded: follow.end_follow,
    PostPublished: content.publish_post,
    PostEdited: content.edit_post,
    PostDeleted: removal.delete_post,
    PostRemoved: removal.remove_post,
    PostRestored: removal.restore_post,
    PostPinned: moderation.pin_post,
    PostLocked: moderation.lock_post,
    PostMarked: moderation.mark_post,
    CommentPublished: content.publish_comment,
    CommentEdited: content.edit_comment,
    CommentDeleted: removal.delete_comment,
    CommentRemoved: removal.remove_comment,
    CommentRestored: removal.restore_comment,
    AuthorTurnedAway: turning_away.answer_author,
    PostSentAgain: again.send_post_again,
    CommentSentAgain: again.send_comment_again,
    VoteCast: like.cast_vote,
    VoteRetracted: like.retract_vote,
    ModeratorsChanged: moderation.change_moderators,
    PersonBanned: bans.ban_person,
    BanLifted: bans.lift_ban,
    PersonWarned: reports.warn_person,
    ReportMade: reports.make_report,
    ReportResolved: reports.resolve_report,
    CommunityEdited: actors.edit_community,
    ProfileEdited: actors.edit_profile,
    AccountDeleted: actors.delete_account,
    AccountMoved: move.move_account,
    CommunityMoved: move.move_community,
    SuccessorFollowed: move.accept_successor,
    QuoteRequested: quotes.answer_request,
}

NOT_FEDERATED: Final[Mapping[type[Event], str]] = {
    AccountRegistered: "nobody elsewhere knows a newcomer yet",
    CommunityClosed: "its own server tells who follows there",
    CommunityFounded: "nobody elsewhere follows a new community yet",
    PostHeld: "nobody is told of what waits for a moderator",
    PostApproved: "what it makes public is told with PostPublished",
    PostRefused: "nobody was told of it, so nothing is to be taken back",
    CommentHeld: "nobody is told of what waits for a moderator",
    CommentApproved: "what it makes public is told with CommentPublished",
    CommentRefused: "nobody was told of it, so nothing is to be taken back",
    ActLogged: "the act itself is told, where it concerns others",
    PostTurnedDown: "it is what another server told us",
    CommentTurnedDown: "it is what another server told us",
    ThreadRead: "what somebody reads is nobody else's business",
    HostRuled: "whom we refuse is nobody else's business",
    FeedAdded: "feeds are read here; readers elsewhere subscribe at the source",
    FeedGone: "feeds are read here; readers elsewhere subscribe at the source",
    EntryFound: "an entry is its publisher's; one that is posted here is told as a post",
    EntryRevised: "an entry is its publisher's; one that is posted here is told as a post",
    ListingAdded: "the directory is offered as files and feeds, not as activities",
    ListingEdited: "the directory is offered as files and feeds, not as activities",
}
