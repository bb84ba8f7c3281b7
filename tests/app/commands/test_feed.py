"""The commands that attach, fetch and look at feeds."""

import json

import pytest
from click.testing import CliRunner

from app.commands.directory import directory as directory_command
from app.commands.feed import feed as command
from directory.services.imports import STARTER_FILE
from tests.support.feedserver import item, rss, serve_feeds


@pytest.fixture
def server():
    with serve_feeds() as running:
        yield running


@pytest.fixture
def run(app, monkeypatch):
    """Run `verbindplaats feed ...` on the data of `app`."""
    settings = app.config["VERBINDPLAATS"]
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("VERBINDPLAATS_BASE_URL", settings.base_url)
    monkeypatch.setenv("VERBINDPLAATS_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("VERBINDPLAATS_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("VERBINDPLAATS_ALLOW_PRIVATE_ADDRESSES", "1")
    runner = CliRunner()
    return lambda *arguments: runner.invoke(command, [str(one) for one in arguments])


@pytest.fixture
def slug(run):
    result = CliRunner().invoke(directory_command, ["import", str(STARTER_FILE)])
    assert result.exit_code == 0
    text = STARTER_FILE.read_text(encoding="utf-8")
    return text.partition("\nentries:")[2].partition("slug: ")[2].split()[0].strip("'\"")


def test_a_feed_is_stored_and_fetched_at_once(run, server, slug, client):
    server.put("/feed", rss(item(1), item(2)))

    result = run("add", slug, server.url())

    assert result.exit_code == 0, result.stderr
    assert "entries=2 new=2" in result.stdout
    assert server.paths() == ["/feed"]
    assert "Bericht 2" in client.get("/nieuws").text
    assert "Bericht 2" in client.get(f"/gids/{slug}").text


def test_adding_it_twice_changes_nothing(run, server, slug):
    server.put("/feed", rss(item(1)))

    run("add", slug, server.url())
    again = run("add", slug, server.url())

    assert again.exit_code == 0
    assert "new=0" in again.stdout
    assert len(run("list").stdout.splitlines()) == 1


def test_a_page_is_refused_and_its_feeds_are_named(run, server, slug):
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    server.put("/", f"<!doctype html><html><head>{link}</head></html>")
    server.put("/feed", rss(item(1)))

    result = run("add", slug, server.url("/"))

    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert f"{server.url('/feed')} (1)" in result.stderr
    assert run("list").stdout == ""


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/feed", "ftp://n.test/", "geen adres"])
def test_what_cannot_be_fetched_is_not_stored(run, slug, url):
    result = run("add", slug, url)

    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert run("list").stdout == ""


def test_an_unknown_listing_is_a_clear_error(run, server):
    server.put("/feed", rss())

    result = run("add", "bestaat-niet", server.url())

    assert result.exit_code == 1
    assert "bestaat-niet" in result.stderr
    assert server.asked == []


def test_all_feeds_are_fetched_conditionally_one_line_each(run, server, slug):
    server.put_validated("/a", rss(item(1)), '"1"')
    server.put_validated("/b", rss(item(1, guid="urn:b")), '"2"')
    for path in ("/a", "/b"):
        run("add", slug, server.url(path))
    server.asked.clear()

    result = run("fetch", "--all")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert all("not_modified" in line for line in lines)
    assert sorted(one.headers["if-none-match"] for one in server.asked) == ['"1"', '"2"']


def test_a_broken_feed_is_a_line_and_no_failure(run, server, slug):
    server.put("/feed", rss())
    run("add", slug, server.url())
    server.put("/feed", status="500 Internal Server Error")

    result = run("fetch", "--all")

    assert result.exit_code == 0
    assert "failed http_500" in result.stdout


def test_fetching_what_is_due_finds_nothing_after_a_fetch(run, server, slug):
    server.put("/feed", rss())
    run("add", slug, server.url())

    assert run("fetch").stdout == "fetched=0\n"


def test_the_list_tells_how_each_feed_does(run, server, slug):
    server.put("/feed", rss(item(1)))
    run("add", slug, server.url())

    (line,) = run("list").stdout.splitlines()

    status, count, _name, url, text = line.split("\t")
    assert (status, count, url) == ("good" if "stil" not in text else "late", "1", server.url())


def test_a_file_and_an_address_are_inspected_alike(run, server, tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(rss(item(1)))
    server.put("/feed", rss(item(1)))

    from_file, from_web = run("inspect", path), run("inspect", server.url())

    assert from_file.exit_code == from_web.exit_code == 0
    found = json.loads(from_file.stdout)
    assert found == json.loads(from_web.stdout)
    assert set(found) == {"title", "kind", "language", "entries", "warnings", "parser"}
    assert found["entries"][0]["url"] == "https://netwerk.test/1"
    assert run("list").stdout == ""


def test_what_is_no_feed_is_an_error_in_json(run, server, tmp_path):
    path = tmp_path / "pagina.html"
    path.write_text("<html></html>")

    for source in (path, tmp_path / "weg.xml", server.url("/weg"), "http://127.0.0.1:9/"):
        result = run("inspect", source)

        assert result.exit_code == 1
        assert list(json.loads(result.stdout)) == ["error"]


def test_a_list_is_taken_in(run, slug, tmp_path):
    file = tmp_path / "lijst.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="SURF" xmlUrl="https://a.test/surf"/>'
        '<outline text="Vreemd" xmlUrl="https://b.test/feed"/></body></opml>'
    )

    result = run("import", file)

    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "attached\thttps://a.test/surf\tSURF",
        "waiting\thttps://b.test/feed\tVreemd",
        "attached=1 waiting=1",
    ]


def test_a_file_that_is_no_list_is_a_clear_error(run, slug, tmp_path):
    file = tmp_path / "lijst.opml"
    file.write_text("geen xml")

    result = run("import", file)

    assert result.exit_code != 0
    assert "Dit is geen OPML-bestand" in result.stderr
    assert result.stdout == ""
