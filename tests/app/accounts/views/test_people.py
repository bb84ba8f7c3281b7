"""The list of people."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.accounts.services import profiles, remote, sign_in
from app.core.db import session
from tests.support.browser import Site
from tests.support.clock import FakeClock


def fill(site: Site, name: str, **fields: object) -> None:
    account = site.person(name)
    draft = profiles.ProfileDraft(**{"display_name": name.title(), **fields})
    site.change(lambda: profiles.edit_profile(session().merge(account), draft))


@pytest.fixture
def people(site: Site) -> None:
    fill(site, "anna", expertise=("Toetsing", "Coördinatie"), organisation="Hogeschool Ergens")
    fill(site, "bert", expertise=("vakdidactiek",), organisation="Universiteit Elders")
    fill(site, "cor", role_title="lector toetsing", organisation="100% Onderwijs")


def shown(client: FlaskClient, query: str) -> set[str]:
    text = client.get(f"/mensen?{query}").text
    return {name for name in ("anna", "bert", "cor") if f'href="/u/{name}"' in text}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"anna", "bert", "cor"}),
        ("q=toetsing", {"anna", "cor"}),
        ("q=toetsing+hogeschool", {"anna"}),
        ("expertise=toetsing", {"anna"}),
        ("expertise=coördinatie", {"anna"}),
        ("organisatie=elders", {"bert"}),
        ("expertise=vakdidactiek&organisatie=ergens", set()),
        ("organisatie=100%25", {"cor"}),
        ("q=%25", {"cor"}),
        ("q=_", set()),
        ("q=" + "woord+" * 500, set()),
    ],
)
def test_people_are_found_by_words_expertise_and_organisation(
    client: FlaskClient, people: None, query: str, expected: set[str]
) -> None:
    assert shown(client, query) == expected


def test_only_active_discoverable_people_of_ours_are_listed(
    client: FlaskClient, site: Site
) -> None:
    fill(site, "anna", is_discoverable=False)
    suspended = site.person("bert")
    site.change(lambda: sign_in.suspend(session().merge(suspended)))
    site.person("cor", confirmed=False)
    profile = remote.RemoteProfile(
        uri="https://elders.test/u/dora", name="dora", host="elders.test"
    )
    site.change(lambda: remote.upsert_remote_account(profile))

    page = client.get("/mensen").text

    assert 'href="/u/' not in page


def test_a_long_list_has_pages_in_both_directions(
    client: FlaskClient, site: Site, clock: FakeClock
) -> None:
    for number in range(27):
        clock.advance(timedelta(seconds=1))
        site.person(f"p{number}")

    first = client.get("/mensen").text
    older = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(older).text
    newer = second.split('rel="prev" href="')[1].split('"')[0]

    assert first.count('href="/u/p') == 25
    assert second.count('href="/u/p') == 2
    assert client.get(newer).text.count('href="/u/p') == 25


def test_a_forged_page_address_is_refused(client: FlaskClient) -> None:
    assert client.get("/mensen?voor=zzzz").status_code == 422
