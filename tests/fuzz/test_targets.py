"""A short run of every target, always with the same chance; longer ones by hand."""

import json
from random import Random

import pytest

from tests.fuzz.targets import SEEDS, TARGETS, try_once

ROUNDS = 400


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_makes_a_reader_stumble(name: str) -> None:
    found = [(seed, error) for seed in range(ROUNDS) if (error := try_once(TARGETS[name], seed)[1])]

    assert found == []


def test_what_is_made_leaves_what_it_is_made_from_as_it_was() -> None:
    before = json.dumps(SEEDS)

    for seed in range(ROUNDS):
        TARGETS["document"].make(Random(seed))  # noqa: S311 - chance for tests

    assert json.dumps(SEEDS) == before


@pytest.mark.parametrize("name", TARGETS)
def test_a_seed_makes_the_same_input_again(name: str) -> None:
    assert [try_once(TARGETS[name], seed)[0] for seed in range(20)] == [
        try_once(TARGETS[name], seed)[0] for seed in range(20)
    ]
