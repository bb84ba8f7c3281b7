"""What is remembered of Accept headers: the answer, and little else."""

from app.core.negotiation import MAX_ACCEPT_LENGTH, _accepts_activity, accepts_activity


def test_only_the_beginning_of_an_accept_header_counts() -> None:
    late = "text/plain," * 100 + "application/activity+json"

    assert len(late) > MAX_ACCEPT_LENGTH
    assert not accepts_activity(late)
    assert accepts_activity("application/activity+json," + "text/plain," * 1000)


def test_headers_that_differ_far_on_are_remembered_as_one() -> None:
    _accepts_activity.cache_clear()

    for number in range(50):
        accepts_activity("application/json," * 100 + str(number))

    assert _accepts_activity.cache_info().currsize == 1
