"""Communities: founded here, changed here, or known from elsewhere."""

import pytest
from flask.ctx import AppContext

from app.core.db import unit_of_work
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import Event
from app.forum import events
from app.forum.queries.communities import find_community, find_community_by_uri, list_moderators
from app.forum.services import communities
from app.forum.services.communities import CommunityDraft, RemoteCommunity
from tests.support.factories import make_account, make_community

REMOTE = RemoteCommunity(
    uri="http://elders.test/c/Rekenen",
    name="Rekenen",
    host="Elders.test",
    title="<b>Rekenen</b>",
    url="javascript:alert(1)",
    description_html="<p>Dag</p><script>x</script>",
    is_posting_restricted=True,
)


def test_the_founder_owns_the_community(heard: list[Event]) -> None:
    otto = make_account("otto")
    heard.clear()

    with unit_of_work():
        community = communities.found_community("toetsing", "Toetsing", otto, "Over **toetsen**")

    assert community.description_html == "<p>Over <strong>toetsen</strong></p>"
    assert (community.member_count, list_moderators(community)) == (1, [otto])
    assert heard == [events.CommunityFounded(community.id)]


@pytest.mark.parametrize(
    ("name", "title", "description", "field"),
    [
        ("Wie ben ik", "Titel", "", "name"),
        ("admin", "Titel", "", "name"),
        ("otto", "Titel", "", "name"),
        ("goed", "  ", "", "title"),
        ("goed", "a" * 201, "", "title"),
        ("goed", "Titel", "a" * 10_001, "description"),
    ],
)
def test_bad_input_is_named(
    ctx: AppContext, name: str, title: str, description: str, field: str
) -> None:
    otto = make_account("otto")

    with pytest.raises(InvalidInputError) as caught, unit_of_work():
        communities.found_community(name, title, otto, description)

    assert caught.value.field == field
    assert find_community("goed") is None


def test_a_change_is_told_once(heard: list[Event]) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    draft = CommunityDraft("Toetsen", "Huisregels", requires_membership=True)
    heard.clear()

    for _time in range(2):
        with unit_of_work():
            communities.edit_community(community, draft, otto)

    assert community.requires_membership
    assert heard == [events.CommunityEdited(community.id, otto.id)]


def test_only_who_looks_after_a_community_changes_it(ctx: AppContext) -> None:
    community = make_community(owner=make_account("otto"))
    draft = CommunityDraft("Anders")

    with pytest.raises(NotAllowedError), unit_of_work():
        communities.edit_community(community, draft, make_account())
    with pytest.raises(ConflictError), unit_of_work():
        communities.edit_community(
            make_community(host="elders.test"), draft, make_account("beatrix", admin=True)
        )


def test_a_community_from_elsewhere_is_cleaned_and_kept_once(ctx: AppContext) -> None:
    with unit_of_work():
        first = communities.upsert_remote_community(REMOTE)
        again = communities.upsert_remote_community(REMOTE)

    assert again is first
    assert (first.title, first.description_html) == ("Rekenen", "<p>Dag</p>")
    assert (first.url, first.host) == (REMOTE.uri, "elders.test")
    assert first.page_name == "Rekenen@elders.test"
    assert find_community("rekenen", "elders.test") is first
    assert find_community_by_uri(REMOTE.uri) is first


def test_nobody_tells_us_about_a_community_of_ours(ctx: AppContext) -> None:
    make_community()
    told = RemoteCommunity(
        uri="http://ons.test/c/toetsing", name="toetsing", host="ons.test", title="Gekaapt"
    )

    with pytest.raises(ConflictError), unit_of_work():
        communities.upsert_remote_community(told)
