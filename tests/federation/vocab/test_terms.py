import pytest

from federation.vocab.terms import ACTIVITY_KINDS, ACTOR_KINDS, KINDS, OBJECT_KINDS, Kind, kind_of


@pytest.mark.parametrize("as2_type", ["Article", "Video", "Audio", "Question", "Event", "Image"])
def test_whatever_starts_a_thread_elsewhere_falls_back_to_a_page(as2_type):
    assert kind_of(as2_type) is Kind.PAGE


@pytest.mark.parametrize("as2_type", ["", "page", "as:Note", "Playlist", "CacheFile", "View"])
def test_a_type_we_have_no_use_for_is_unknown(as2_type):
    assert kind_of(as2_type) is Kind.UNKNOWN


def test_every_kind_is_reached_by_a_type_and_has_one_place():
    groups = [ACTOR_KINDS, OBJECT_KINDS, ACTIVITY_KINDS, {Kind.TOMBSTONE, Kind.COLLECTION}]

    assert set(KINDS.values()) == set(Kind) - {Kind.UNKNOWN}
    assert sum(len(group) for group in groups) == len(Kind) - 1
