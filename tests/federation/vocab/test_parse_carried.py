from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from federation.vocab.carried import Meeting, Poll, PollOption
from federation.vocab.parse import parse_object

ID = "https://a.test/1"


def read(kind: str, **members: Any) -> Any:
    return parse_object({"id": ID, "type": kind, **members})


def option(name: Any, count: Any = None) -> dict[str, Any]:
    replies = {"type": "Collection", "totalItems": count}
    return {"type": "Note", "name": name, "replies": replies}


def test_a_poll_has_its_answers_and_their_counts() -> None:
    poll = read(
        "Question",
        oneOf=[option("Ja", 3), option("Nee", 0)],
        endTime="2026-12-01T10:00:00",
        votersCount=3,
    ).poll

    assert poll == Poll(
        (PollOption("Ja", 3), PollOption("Nee", 0)),
        closes_at=datetime(2026, 12, 1, 10, tzinfo=UTC),
        voters=3,
    )


def test_several_answers_and_an_end() -> None:
    poll = read("Question", anyOf=[option("Ja")], closed="2026-12-01T10:00:00Z").poll

    assert (poll.is_multiple, poll.is_closed, poll.options[0].count) == (True, True, None)
    assert poll.closes_at == datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "options",
    [None, [], {}, "x", [None, 5, "x", [], {}], [{"name": 5}], [{"name": " \u202e"}]],
)
def test_odd_answers_are_no_poll(options: Any) -> None:
    assert read("Question", oneOf=options).poll is None


@pytest.mark.parametrize("count", [-1, "3", True, 2**60, 1e400, [], {}])
def test_an_odd_count_is_no_count(count: Any) -> None:
    assert read("Question", oneOf=[option("Ja", count)]).poll.options == (PollOption("Ja"),)


def test_a107_a_poll_of_ten_thousand_long_answers_is_cut() -> None:
    poll = read("Question", oneOf=[option(f"{n} " + "x" * 10_000) for n in range(10_000)]).poll

    assert len(poll.options) == 50
    assert {len(one.name) for one in poll.options} == {200}


def test_a_meeting_has_when_and_where_and_who() -> None:
    meeting = read(
        "Event",
        startTime="2026-12-01T10:00:00+01:00",
        endTime="2026-12-01T11:00:00Z",
        location=[
            {
                "type": "Place",
                "name": "Aula",
                "address": {"streetAddress": "Dorpsstraat 1", "addressLocality": "Ede"},
            },
            {"type": "VirtualLocation", "url": "https://vergader.test/x"},
        ],
        organizers=[{"type": "Person", "name": "Jo"}, "https://a.test/u/piet", "Piet"],
        externalParticipationUrl="https://aanmelden.test/",
        **{"ical:status": "CANCELLED"},
    ).meeting

    assert meeting == Meeting(
        starts_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
        ends_at=datetime(2026, 12, 1, 11, tzinfo=UTC),
        places=("Aula, Dorpsstraat 1, Ede",),
        online_url="https://vergader.test/x",
        sign_up_url="https://aanmelden.test/",
        organisers=("Jo", "Piet"),
        is_cancelled=True,
    )


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, [None, 5, {"name": 5}], {"address": 5}])
def test_odd_places_are_left_out(odd: Any) -> None:
    meeting = read(
        "Event", location=odd, organizers=odd, status=odd, externalParticipationUrl=odd
    ).meeting

    assert meeting.places == ()
    assert meeting.sign_up_url is None


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT1145S", timedelta(seconds=1145)),
        ("PT1H2M3.5S", timedelta(hours=1, minutes=2, seconds=3)),
        ("P1DT1M", timedelta(days=1, minutes=1)),
        ("PT0S", None),
        ("P", None),
        ("1145", None),
        ("PT" + "9" * 100 + "S", None),
        (1145, None),
        (None, None),
    ],
)
def test_a_duration_is_read_as_iso_8601(text: Any, duration: timedelta | None) -> None:
    assert read("Video", duration=text).duration == duration


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("Image", {"url": "https://cdn.test/a.png", "mediaType": "image/png"}),
        ("Image", {"url": [{"type": "Link", "href": "https://cdn.test/a.png"}]}),
        ("Document", {"url": {"href": "https://cdn.test/a.png", "mediaType": "image/png"}}),
    ],
)
def test_a_file_that_is_posted_as_such_is_its_own_attachment(
    kind: str, members: dict[str, Any]
) -> None:
    document = read(kind, name="Schoolbord", **members)

    assert [one.url for one in document.attachments] == ["https://cdn.test/a.png"]
    assert document.attachments[0].name == "Schoolbord"
    assert document.attachments[0].is_image


def test_a_link_that_is_posted_as_such_is_the_link() -> None:
    assert read("Link", href="https://elders.test/stuk").first_link == "https://elders.test/stuk"


def test_a_preview_brings_the_picture_of_an_article() -> None:
    preview = {"type": "Note", "attachment": [{"type": "Image", "url": "https://cdn.test/p.png"}]}

    assert read("Article", preview=preview).image_url == "https://cdn.test/p.png"
    assert read("Article", preview=preview, image={"url": "https://cdn.test/i.png"}).image_url == (
        "https://cdn.test/i.png"
    )
    assert read("Article", preview=[5]).image_url is None
