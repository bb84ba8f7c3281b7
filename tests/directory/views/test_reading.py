"""What helps who reads the directory: no way to what is empty, no language without its name."""

import pytest
from flask.testing import FlaskClient

from tests.directory.views.test_pages import main_of

NOTED = "platform-leren-van-toetsen"


@pytest.mark.usefixtures("gids")
def test_a_topic_leads_to_no_list_that_is_empty(client: FlaskClient):
    page = main_of(client.get("/onderwerp/toetsing").text)

    assert "0 netwerken" in page
    assert "Alleen Netwerken tonen" not in page
    assert "Alleen Onderzoek tonen" in page


@pytest.mark.usefixtures("gids")
def test_a_remark_in_english_says_that_it_is(client: FlaskClient):
    dutch, english = (
        main_of(client.get(f"/gids/{NOTED}", headers={"Accept-Language": language}).text)
        for language in ("nl", "en")
    )

    assert "Opmerking bij de bron, in het Engels:" in dutch
    assert '<span lang="en">Section Februari 2023 says' in dutch
    assert "Remark about the source:" in english
