import pytest

from federation import errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UnverifiedError("signature-missing"), 401),
        (errors.RefusedError("blocked"), 403),
        (errors.MalformedError("actor", "not one address"), 400),
        (errors.UnavailableError("timeout"), 503),
        (errors.MissingError("https://a.test/1"), 503),
    ],
)
def test_every_error_knows_its_answer_and_its_reason(error, status):
    assert error.status == status
    assert error.reason
    assert str(error) == error.reason


def test_a_malformed_document_is_refused_for_good_and_names_the_member():
    error = errors.MalformedError("actor", "not one address")

    assert isinstance(error, errors.RefusedError)
    assert (error.field, error.reason) == ("actor", "actor: not one address")


def test_what_may_come_right_later_carries_what_is_needed():
    assert errors.UnavailableError("busy", retry_after=30).retry_after == 30
    assert errors.UnavailableError("busy").retry_after is None
    assert errors.MissingError("https://a.test/1").uri == "https://a.test/1"
