"""What somebody is given about bans in the file with everything we hold."""

from datetime import timedelta

from flask.ctx import AppContext

from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.forum.services import bans
from app.forum.services.export import list_own_bans
from tests.support.factories import make_account, make_community


def test_people_get_their_bans_and_never_by_whom(ctx: AppContext) -> None:
    beatrix, anna = make_account("beatrix", admin=True), make_account()
    community = make_community(owner=beatrix)
    end = utcnow() + timedelta(days=1)
    with unit_of_work():
        first = bans.ban_person(beatrix, anna, community, bans.BanTerms("Reclame", end))
        bans.ban_person(beatrix, anna, None, bans.BanTerms("Weer reclame"))
        bans.lift_ban(beatrix, first)

    found = list_own_bans(anna)

    assert [(one["groep"], one["reden"], one["tot"]) for one in found] == [
        ("toetsing@ons.test", "Reclame", end),
        (None, "Weer reclame", None),
    ]
    assert [one["opgeheven"] is None for one in found] == [False, True]
    assert "beatrix" not in str(found)
    assert list_own_bans(beatrix) == []
