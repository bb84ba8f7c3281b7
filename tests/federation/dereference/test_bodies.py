"""What a post of any kind says here, in the words of its own server."""

from typing import Any

import pytest
from flask.ctx import AppContext

from app.forum.models.post import PostKind
from federation.dereference.drafts import comment_draft, post_draft
from federation.vocab.parse import parse_object

ID = "http://elders.test/1"


def draft(kind: Any, **members: Any) -> Any:
    return post_draft(parse_object({"id": ID, "type": kind, **members}))


def test_a_poll_ends_with_its_answers(ctx: AppContext) -> None:
    options = [
        {"type": "Note", "name": "Ja & <b>graag</b>", "replies": {"totalItems": 1}},
        {"type": "Note", "name": "Nee", "replies": {"totalItems": 12}},
        {"type": "Note", "name": "Weet niet"},
    ]
    made = draft(
        "Question",
        content="<p>Toetsen jullie digitaal?</p>",
        oneOf=options,
        endTime="2026-12-01T10:00:00Z",
        votersCount=13,
    )

    assert made.title == "Toetsen jullie digitaal?"
    assert made.body_html == (
        "<p>Toetsen jullie digitaal?</p>"
        "<ul><li>Ja &amp; &lt;b&gt;graag&lt;/b&gt;: 1 stem</li><li>Nee: 12 stemmen</li>"
        "<li>Weet niet</li></ul><p>13 mensen stemden.</p>"
        "<p>Deze peiling loopt tot 1 december 2026, 11.00 uur.</p>"
    )


def test_a_closed_poll_says_so_also_in_an_answer(ctx: AppContext) -> None:
    raw = {
        "id": ID,
        "type": "Question",
        "content": "<p>En nu?</p>",
        "inReplyTo": "http://elders.test/0",
        "anyOf": [{"type": "Note", "name": "Door"}],
        "closed": "2026-11-01T10:00:00Z",
    }

    made = comment_draft(parse_object(raw))

    assert made.body_html == ("<p>En nu?</p><ul><li>Door</li></ul><p>Deze peiling is gesloten.</p>")


def test_a_meeting_begins_with_when_where_and_who(ctx: AppContext) -> None:
    made = draft(
        "Event",
        name="Studiedag",
        content="<p>Welkom.</p>",
        startTime="2026-12-01T09:00:00Z",
        endTime="2026-12-01T15:30:00Z",
        location={"type": "Place", "name": "Aula <1>", "address": "Ede"},
        organizers=[{"name": "Jo"}],
        externalParticipationUrl="https://aanmelden.test/?a=1&b=2",
        status="CANCELLED",
    )

    assert made.title == "Studiedag"
    assert made.body_html == (
        "<p>Deze bijeenkomst gaat niet door.</p>"
        "<p>Wanneer: 1 december 2026, 10.00 uur tot 1 december 2026, 16.30 uur</p>"
        "<p>Waar: Aula &lt;1&gt;, Ede</p><p>Organisator: Jo</p>"
        '<p><a href="https://aanmelden.test/?a=1&amp;b=2">Aanmelden</a></p><p>Welkom.</p>'
    )
    assert made.link_url == ID


def test_the_group_behind_a_meeting_is_its_organiser(ctx: AppContext) -> None:
    made = draft(
        "Event",
        name="Dansles",
        startTime="2026-12-01T09:00:00Z",
        actor="http://elders.test/@jo",
        attributedTo="http://elders.test/@dansclub",
    )

    assert "<p>Organisator: dansclub@elders.test</p>" in made.body_html


def test_an_article_keeps_its_lead_unless_that_is_how_it_begins(ctx: AppContext) -> None:
    content = "<p>Toetsen is <em>leuk</em>, vinden wij al jaren.</p>"
    with_lead = draft("Article", name="T", content=content, summary="<p>Een pleidooi.</p>")
    excerpt = draft("Article", name="T", content=content, summary="Toetsen is leuk, vinden […]")

    assert with_lead.body_html == f"<p><strong>Een pleidooi.</strong></p>{content}"
    assert excerpt.body_html == content


def test_a_video_has_its_link_and_its_length(ctx: AppContext) -> None:
    made = draft(
        "Video",
        name="Les",
        mediaType="text/markdown",
        content="Kijk **hier**",
        duration="PT3723S",
        url=[{"type": "Link", "mediaType": "text/html", "href": "http://elders.test/w/1"}],
        icon=[{"type": "Image", "url": "http://elders.test/1.jpg"}],
    )

    assert made.body_html.startswith("<p>Duur: 1:02:03</p><p>Kijk <strong>hier</strong></p>")
    assert (made.kind, made.link_url) == (PostKind.LINK, "http://elders.test/w/1")
    assert [one.url for one in made.attachments] == ["http://elders.test/1.jpg"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Hoe toetsen jullie?", PostKind.QUESTION),
        ("\u201cHoe toetsen jullie?\u201d ", PostKind.QUESTION),
        ("Hoe? Zo.", PostKind.DISCUSSION),
        ("Snoeien", PostKind.DISCUSSION),
    ],
)
def test_a_title_that_asks_makes_a_question(ctx: AppContext, title: str, kind: PostKind) -> None:
    assert draft("Page", attributedTo=f"{ID}/u", name=title, content="x").kind == kind


@pytest.mark.parametrize(
    ("kind", "members", "title", "link"),
    [
        ("Recipe", {"name": "Soep", "summary": "Van pompoen"}, "Soep", ID),
        (["Recipe", "Article"], {"name": "Soep", "content": "<p>Kook</p>"}, "Soep", None),
        ("Link", {"name": "Tip", "href": "https://tip.test/"}, "Tip", "https://tip.test/"),
        ("Image", {"name": "Bord", "url": "http://elders.test/a.png"}, "Bord", None),
        ("Audio", {"name": "Podcast", "url": "http://elders.test/a"}, "Podcast", ID[:-1] + "a"),
        ("Place", {"name": "Ede"}, "Ede", ID),
    ],
)
def test_any_kind_keeps_name_summary_and_link(
    ctx: AppContext, kind: Any, members: dict[str, Any], title: str, link: str | None
) -> None:
    made = draft(kind, **members)

    assert (made.title, made.link_url) == (title, link)


def test_a119_a_post_names_twenty_people_at_most(ctx: AppContext) -> None:
    from_afar = [{"type": "Mention", "href": f"http://ons.test/u/x{n}"} for n in range(500)]

    assert len(draft("Note", content="x", tag=from_afar).mentioned_ids) <= 20
