"""What a browser is told about the language of what people wrote."""

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.db import unit_of_work
from tests.support.factories import make_account, make_comment, make_community, make_post


@pytest.mark.parametrize(("page", "tagged"), [("nl", "en"), ("en", "nl")])
def test_texts_in_another_language_than_the_page_say_so(
    client: FlaskClient, ctx: AppContext, page: str, tagged: str
) -> None:
    anna, group = make_account(), make_community()
    post = make_post(group, anna, "Hoe toetsen jullie?")
    english = make_post(group, anna, "How do you assess?")
    with unit_of_work():
        make_comment(post, anna, "Met een rubric.")
        make_comment(post, anna, "With a rubric.").language = "en"
        english.language = "en"
    wish = {"Accept-Language": page}

    thread = client.get(f"/post/{post.public_id}", headers=wish).text
    listed = client.get("/c/toetsing", headers=wish).text

    assert thread.count(f'class="prose" lang="{tagged}"') == (1 if page == "nl" else 2)
    assert (f'class="post-title" lang="{tagged}"' in thread) is (page == "en")
    assert listed.count(f'data-step lang="{tagged}"') == 1
