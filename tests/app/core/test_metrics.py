"""`/metrics`: answers are counted by endpoint and status, never by reader."""

import re

from flask.testing import FlaskClient


def value(client: FlaskClient, endpoint: str, status: str) -> float:
    text = client.get("/metrics").text
    wanted = rf'verbindplaats_requests_total{{endpoint="{endpoint}",status="{status}"}} (\S+)'
    found = re.search(wanted, text)
    return 0.0 if found is None else float(found[1])


def test_answers_are_counted_by_endpoint_and_status(client: FlaskClient) -> None:
    before = value(client, "health.show_health", "200")

    client.get("/health")
    client.get("/health")

    assert value(client, "health.show_health", "200") == before + 2


def test_addresses_that_do_not_exist_share_one_name(client: FlaskClient) -> None:
    before = value(client, "none", "404")

    client.get("/geheim-adres-1")
    client.get("/geheim-adres-2")

    assert value(client, "none", "404") == before + 2
    assert "geheim-adres" not in client.get("/metrics").text


def test_the_format_is_that_of_prometheus(client: FlaskClient) -> None:
    answer = client.get("/metrics")

    assert answer.content_type.startswith("text/plain; version=")
    assert "# TYPE verbindplaats_requests_total counter" in answer.text
    assert "# TYPE verbindplaats_request_seconds histogram" in answer.text


def test_what_programs_send_is_counted_as_well(client: FlaskClient) -> None:
    before = value(client, "federation.post_to_shared_inbox", "400")

    client.post("/inbox", data=b"{}", content_type="text/plain")

    assert value(client, "federation.post_to_shared_inbox", "400") == before + 1
