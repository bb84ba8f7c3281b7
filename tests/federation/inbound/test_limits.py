import pytest

from federation.inbound.limits import MAX_BUCKETS, Buckets, TooManyError


class Stopwatch:
    """Seconds that tests set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    watch = Stopwatch()
    buckets = Buckets(per_second=10, burst=2, seconds=watch)
    for _ in range(2):
        buckets.check("victim.test")
        buckets.take("victim.test")

    with pytest.raises(TooManyError) as refused:
        buckets.check("victim.test")

    assert refused.value.retry_after == pytest.approx(0.1)
    watch.now += 0.1
    buckets.check("victim.test")
    buckets.check("calm.test")


def test_a_bucket_never_holds_more_than_the_burst() -> None:
    watch = Stopwatch()
    buckets = Buckets(per_second=10, burst=2, seconds=watch)
    buckets.take("victim.test")
    watch.now += 3600

    for _ in range(2):
        buckets.check("victim.test")
        buckets.take("victim.test")

    with pytest.raises(TooManyError):
        buckets.check("victim.test")


def test_a111_a_hundred_thousand_hosts_do_not_fill_the_memory() -> None:
    buckets = Buckets()

    for number in range(100_000):
        buckets.take(f"h{number}.evil.test")

    assert len(buckets._levels) == MAX_BUCKETS
