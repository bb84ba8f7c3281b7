"""`community add`, `post add`, `comment add`: the last line is exactly the id."""

import pytest
from flask import Flask

from app.forum.models.post import Post, PostKind
from app.forum.queries.communities import find_community
from app.forum.queries.posts import find_post_by_uri
from tests.app.commands.conftest import Run, said_in_one_line
from tests.support.factories import make_account, make_community


@pytest.fixture(autouse=True)
def _people(app: Flask) -> None:
    with app.app_context():
        make_community(owner=make_account("anna"))


def stored(app: Flask, uri: str) -> Post:
    with app.app_context():
        found = find_post_by_uri(uri)
        assert found is not None
        return found


def test_a_community_is_founded_by_its_owner(app: Flask, run: Run) -> None:
    result = run("community", "add", "--owner", "anna", "lezen", "--title", "Lezen")

    with app.app_context():
        found = find_community("lezen")
    assert result.exit_code == 0, result.output
    assert result.stdout == "http://ons.test/c/lezen\n"
    assert found is not None
    assert found.member_count == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("toetsing", "--as", "anna", "--title", "Hoe dan?"),
        ("--as", "anna", "--title", "Hoe dan?", "toetsing"),
        ("--title=Hoe dan?", "toetsing", "--as=anna"),
        ("!toetsing", "--as", "anna", "--title", "Hoe dan?"),
    ],
)
def test_the_last_line_is_the_id_wherever_the_options_stand(
    app: Flask, run: Run, arguments: tuple[str, ...]
) -> None:
    result = run("post", "add", *arguments, typed="Vertel *iets*.")

    uri = result.stdout.splitlines()[-1]
    post = stored(app, uri)
    assert result.exit_code == 0, result.output
    assert uri == f"http://ons.test/post/{post.public_id}"
    assert (post.title, post.kind) == ("Hoe dan?", PostKind.DISCUSSION)
    assert "<em>iets</em>" in post.body_html


@pytest.mark.parametrize("kind", ["discussion", "question", "link"])
def test_each_kind_can_be_asked(app: Flask, run: Run, kind: str) -> None:
    url = ("--url", "https://school.example/artikel") if kind == "link" else ()

    result = run(
        "post", "add", "toetsing", "--as", "anna", "--title", "T", "--kind", kind, *url, typed="B"
    )

    assert result.exit_code == 0, result.output
    assert stored(app, result.stdout.strip()).kind == kind


def test_text_is_utf_8_with_or_without_a_mark(app: Flask, run: Run) -> None:
    result = run(
        "post", "add", "toetsing", "--as", "anna", "--title", "T", typed="\ufeffÉén".encode()
    )

    assert stored(app, result.stdout.strip()).body_source == "Één"


def test_an_answer_hangs_under_a_post_or_an_answer(app: Flask, run: Run) -> None:
    uri = run("post", "add", "toetsing", "--as", "anna", "--title", "T", typed="B").stdout.strip()

    first = run("comment", "add", uri, "--as", "anna", typed="Zo.")
    second = run("comment", "add", "--as", "anna", first.stdout.strip(), typed="Of zo.")

    assert first.stdout.startswith("http://ons.test/comment/")
    assert second.exit_code == 0, second.output
    assert second.stdout.count("\n") == 1
    assert stored(app, uri).comment_count == 2


@pytest.mark.parametrize(
    ("arguments", "typed", "word"),
    [
        (("post", "add", "nergens", "--as", "anna", "--title", "T"), "B", "nergens"),
        (("post", "add", "toetsing", "--as", "niemand", "--title", "T"), "B", "niemand"),
        (("post", "add", "toetsing", "--as", "anna", "--title", ""), "B", "title"),
        (("post", "add", "toetsing", "--as", "anna", "--title", "x" * 5000), "B", "title"),
        (("post", "add", "toetsing", "--as", "anna", "--title", "T"), b"\xff\xfe", "UTF-8"),
        (
            ("post", "add", "toetsing", "--as", "anna", "--title", "T", "--kind", "link"),
            "B",
            "link_url",
        ),
        (("comment", "add", "http://ons.test/post/x", "--as", "anna"), "B", "bestaat niet"),
        (("comment", "add", "onzin", "--as", "anna"), "B", "error"),
        (("comment", "add", "http://ons.test/post/x", "--as", "niemand"), "B", "niemand"),
        (("community", "add", "toetsing", "--title", "Nog een"), "", "error"),
        (("community", "add", "Met Spatie", "--title", "Nee"), "", "name"),
        (("community", "add", "directory", "--title", "Nee"), "", "error"),
        (("community", "add", "nieuw", "--title", "T", "--owner", "niemand"), "", "niemand"),
        (("follow", "@bo@niet een host", "--as", "anna"), "", "error"),
        (("follow", "@bo@ons.test", "--as", "anna"), "", "error"),
        (("follow", "!toetsing@ons.test", "--as", "niemand"), "", "niemand"),
        (("follow", "@bo@127.0.0.1:1", "--as", "anna"), "", "error"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    run: Run, arguments: tuple[str, ...], typed: str, word: str
) -> None:
    assert word in said_in_one_line(run(*arguments, typed=typed))


def test_a_link_without_its_option_is_a_wrong_use(run: Run) -> None:
    result = run("post", "add", "toetsing", "--as", "anna")

    assert result.exit_code == 2
    assert "--title" in result.stderr
