"""Two real processes send over real sockets, and dead hosts are in nobody's way."""

import pytest

from tests.bench.deliveries import Plan, measure_deliveries

pytestmark = pytest.mark.processes
HANGING_SECONDS = 10.0  # after which a host that says nothing is given up


def test_the_living_get_theirs_once_while_others_refuse_or_hang() -> None:
    plan = Plan(hosts=40, threads=3, processes=2, refusing=4, hanging=4)

    outcome = measure_deliveries(plan)  # raises when one is missing or came twice

    assert outcome.count == 120
    assert outcome.seconds < HANGING_SECONDS


def test_two_processes_keep_order_and_send_nothing_twice_to_one_host() -> None:
    plan = Plan(hosts=2, threads=30, processes=2, latency=0.02)

    outcome = measure_deliveries(plan)

    assert outcome.count == 60
