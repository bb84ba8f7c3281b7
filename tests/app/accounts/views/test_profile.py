"""A person's page, as others see it."""

import pytest
from flask.testing import FlaskClient
from markupsafe import Markup

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_handle, find_following
from app.accounts.services import profiles, remote, sign_in
from app.accounts.services.deletion import delete_account
from app.core import profile_panels
from app.core.db import session
from tests.support.browser import Site, submit

BERT = remote.RemoteProfile(
    uri="https://elders.test/u/bert",
    name="bert",
    host="elders.test",
    url="https://elders.test/@bert",
    display_name="Bert <b>Elders</b>",
    bio_html='<p onclick="x()">Hoi<script>alert(1)</script></p>',
)


def write_profile(site: Site, account: Account, **fields: object) -> None:
    draft = profiles.ProfileDraft(**{"display_name": "Anna de Vries", **fields})
    site.change(lambda: profiles.edit_profile(session().merge(account), draft))


def test_page_shows_what_somebody_says_about_herself(client: FlaskClient, site: Site) -> None:
    write_profile(
        site,
        site.person("anna"),
        role_title="schoolopleider",
        organisation="Hogeschool Ergens",
        expertise=("toetsing",),
        bio_source="Ik werk aan **leeruitkomsten**.",
    )

    page = client.get("/u/anna")

    assert page.status_code == 200
    assert "<h1>" in page.text
    for text in ("Anna de Vries", "schoolopleider", "Hogeschool Ergens", "@anna@ons.test"):
        assert text in page.text
    assert "<strong>leeruitkomsten</strong>" in page.text
    assert 'href="/mensen?expertise=toetsing"' in page.text


@pytest.mark.parametrize(
    "field", ["display_name", "role_title", "organisation", "bio_source", "expertise"]
)
def test_markup_in_every_field_is_shown_as_text(
    client: FlaskClient, site: Site, field: str
) -> None:
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    value = (attack,) if field == "expertise" else attack
    write_profile(site, site.person("anna"), **{field: value})

    pages = client.get("/u/anna").text + client.get("/mensen").text

    assert "<script>alert" not in pages
    assert "<img src=x" not in pages


@pytest.mark.parametrize("path", ["/u/Anna", "/u/@anna", "/u/anna@ons.test"])
def test_other_spellings_lead_to_the_one_address(
    client: FlaskClient, site: Site, path: str
) -> None:
    site.person("anna")

    answer = client.get(path)

    assert (answer.status_code, answer.location) == (308, "/u/anna")


def test_remote_person_has_a_page_here_with_clean_html(client: FlaskClient, site: Site) -> None:
    site.change(lambda: remote.upsert_remote_account(BERT))

    page = client.get("/u/bert@elders.test")

    assert page.status_code == 200
    assert "<p>Hoi</p>" in page.text
    assert "onclick" not in page.text
    assert 'href="https://elders.test/@bert"' in page.text
    assert 'content="noindex"' in page.text


@pytest.mark.parametrize("path", ["/u/niemand", "/u/niemand@elders.test", "/u/anna@", "/u/@"])
def test_unknown_people_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_suspended_person_looks_like_nobody(client: FlaskClient, site: Site) -> None:
    account = site.person("anna")
    site.change(lambda: sign_in.suspend(session().merge(account)))

    assert client.get("/u/anna").status_code == 404


def test_deleted_person_is_gone(client: FlaskClient, site: Site) -> None:
    account = site.person("anna")
    site.change(lambda: delete_account(session().merge(account)))

    page = client.get("/u/anna")

    assert page.status_code == 410
    assert "Anna" not in page.text


def test_following_and_stopping(site: Site) -> None:
    site.person("bert")
    client = site.signed_in("anna")

    followed = submit(client, "/u/bert/volgen", {"on": "1", "next": "/mensen"}, page="/u/bert")
    page = client.get("/u/bert")
    ended = submit(client, "/u/bert/volgen", {"on": "0"}, page="/u/bert")

    assert (followed.status_code, followed.location) == (303, "/mensen")
    assert 'aria-pressed="true"' in page.text.split('id="volgen"')[1][:400]
    assert ended.location == "/u/bert"
    assert (
        site.ask(
            lambda: find_following(
                find_account_by_handle("anna", None), find_account_by_handle("bert", None)
            )
        )
        is None
    )


def test_anonymous_reader_is_led_to_the_sign_in_page(client: FlaskClient, site: Site) -> None:
    site.person("anna")

    page = client.get("/u/anna")

    assert 'href="/inloggen?next=/u/anna"' in page.text


def test_nobody_follows_oneself(site: Site) -> None:
    client = site.signed_in("anna")

    answer = submit(client, "/u/anna/volgen", {"on": "1"}, page="/u/anna")

    assert answer.status_code == 403


def test_other_floors_add_their_sections(
    client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = site.person("anna")
    monkeypatch.setattr(profile_panels, "_panels", {})
    profile_panels.add_profile_panel("leeg", lambda _shown, _viewer: Markup(""))
    profile_panels.add_profile_panel(
        "werk", lambda shown, viewer: Markup("<p>werk van {} voor {}</p>").format(shown, viewer)
    )

    page = client.get("/u/anna")

    assert f"<p>werk van {account.id} voor None</p>" in page.text
