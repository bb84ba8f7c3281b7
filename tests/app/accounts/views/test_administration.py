"""Pages for admins: people, invitations, domains, mails."""

import re

import pytest
from flask.testing import FlaskClient

from app.accounts.queries import list_email_domains, list_invitations
from tests.support.browser import Site, is_signed_in, log_in, submit

PAGES = ["/beheer/mensen", "/beheer/uitnodigingen", "/beheer/mails"]
ALL_PAGES = [*PAGES, "/beheer/blokkades", "/beheer/servers", "/beheer/bezorging", "/beheer/feeds"]


@pytest.fixture
def admin(site: Site) -> FlaskClient:
    return site.signed_in("baas", admin=True)


@pytest.mark.parametrize("path", PAGES)
def test_only_admins_see_these_pages(client: FlaskClient, site: Site, path: str) -> None:
    anonymous = client.get(path)
    person = site.signed_in("anna").get(path)
    admin = site.signed_in("baas", admin=True).get(path)

    assert anonymous.location == f"/inloggen?next={path}"
    assert person.status_code == 403
    assert admin.status_code == 200


def test_every_admin_page_leads_to_the_others_and_says_which_it_is(admin: FlaskClient) -> None:
    for path in ALL_PAGES:
        tabs = re.search(r'<nav class="tabs".*?</nav>', admin.get(path).text, re.DOTALL)

        assert tabs is not None, path
        assert re.findall(r'href="([^"]+)"', tabs[0]) == ALL_PAGES
        assert re.findall(r'href="([^"]+)" aria-current="page"', tabs[0]) == [path]


def test_only_admins_find_the_way_to_them_in_their_menu(site: Site, admin: FlaskClient) -> None:
    person = site.signed_in("anna")

    assert 'href="/beheer/mensen"' in admin.get("/forum").text
    assert "/beheer/" not in person.get("/forum").text


@pytest.mark.parametrize(
    "path",
    ["/beheer/mensen/x/schorsen", "/beheer/uitnodigingen", "/beheer/domeinen"],
)
def test_only_admins_act(site: Site, path: str) -> None:
    person = site.signed_in("anna")

    answer = submit(person, path, {"domain": "x.nl"}, page="/instellingen")

    assert answer.status_code == 403


def test_admin_confirms_somebody_by_hand(admin: FlaskClient, site: Site) -> None:
    account = site.person("bea", confirmed=False)
    browser = site.browser()
    before = log_in(browser, "bea@school.example")

    answer = submit(admin, f"/beheer/mensen/{account.public_id}/bevestigen", page="/beheer/mensen")

    assert before.status_code == 422
    assert answer.location == "/beheer/mensen"
    assert log_in(browser, "bea@school.example").status_code == 303


def test_admin_suspends_and_lets_back_in(admin: FlaskClient, site: Site) -> None:
    account = site.person("bea")
    browser = site.browser()
    log_in(browser, "bea@school.example")
    address = f"/beheer/mensen/{account.public_id}"

    submit(admin, f"{address}/schorsen", page="/beheer/mensen")
    kept_out = is_signed_in(browser)
    submit(admin, f"{address}/toelaten", page="/beheer/mensen")

    assert kept_out is False
    assert not is_signed_in(browser)
    assert log_in(browser, "bea@school.example").status_code == 303


def test_the_only_admin_cannot_be_suspended(admin: FlaskClient, site: Site) -> None:
    account = site.account("baas")
    assert account is not None

    answer = submit(admin, f"/beheer/mensen/{account.public_id}/schorsen", page="/beheer/mensen")

    assert answer.status_code == 409
    assert is_signed_in(admin)


def test_unknown_person_is_not_found(admin: FlaskClient) -> None:
    answer = submit(admin, "/beheer/mensen/geen/schorsen", page="/beheer/mensen")

    assert answer.status_code == 404


def test_people_are_found_by_address(admin: FlaskClient, site: Site) -> None:
    site.person("anna")
    site.person("bert")

    page = admin.get("/beheer/mensen?q=anna@school").text

    assert "anna@school.example" in page
    assert "bert@school.example" not in page


def test_invitation_with_address_is_mailed(admin: FlaskClient, site: Site) -> None:
    answer = submit(admin, "/beheer/uitnodigingen", {"email": "Bea@School.example"})

    [link] = site.links_to("bea@school.example")
    assert answer.location == "/beheer/uitnodigingen"
    assert link in admin.get("/beheer/uitnodigingen").text
    assert site.browser().get(link).status_code == 303


def test_invitation_with_a_wrong_address_is_refused(admin: FlaskClient, site: Site) -> None:
    answer = submit(admin, "/beheer/uitnodigingen", {"email": "geen adres"})

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert site.ask(list_invitations) == []


def test_invitation_is_withdrawn(admin: FlaskClient, site: Site) -> None:
    code = site.invite()
    [invitation] = site.ask(list_invitations)

    submit(
        admin,
        f"/beheer/uitnodigingen/{invitation.id}/intrekken",
        page="/beheer/uitnodigingen",
    )

    assert site.ask(list_invitations) == []
    assert site.browser().get(f"/uitnodiging/{code}").status_code == 404


def test_domains_are_added_and_taken_away(admin: FlaskClient, site: Site) -> None:
    page = "/beheer/uitnodigingen"

    submit(admin, "/beheer/domeinen", {"domain": "@Hogeschool.nl"}, page=page)
    submit(admin, "/beheer/domeinen", {"domain": "hogeschool.nl"}, page=page)
    added = [row.domain for row in site.ask(list_email_domains)]
    submit(admin, "/beheer/domeinen/hogeschool.nl/weghalen", page=page)

    assert added == ["hogeschool.nl"]
    assert site.ask(list_email_domains) == []


@pytest.mark.parametrize("domain", ["", "nl", "a b.nl", "<script>.nl", "-x.nl", "x" * 300 + ".nl"])
def test_what_is_no_domain_is_refused(admin: FlaskClient, domain: str) -> None:
    answer = submit(admin, "/beheer/domeinen", {"domain": domain}, page="/beheer/uitnodigingen")

    assert answer.status_code == 422
    assert 'id="domain-error"' in answer.text


def test_kept_mails_can_be_read(admin: FlaskClient, site: Site) -> None:
    site.person("anna")
    submit(site.browser(), "/wachtwoord-vergeten", {"email": "anna@school.example"})

    overview = admin.get("/beheer/mails").text
    link = re.search(r'href="(/beheer/mails/[0-9a-f-]+)"', overview)
    assert link is not None
    mail = admin.get(link[1]).text

    assert "anna@school.example" in overview
    assert "http://ons.test/wachtwoord-vergeten/" in mail
    assert admin.get("/beheer/mails/geen").status_code == 404
