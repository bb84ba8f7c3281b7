"""Every event is either published or says why not."""

from app.core.events import Event
from federation.outbound.table import NOT_FEDERATED, PUBLISHERS


def test_every_event_is_in_one_of_both_tables() -> None:
    ours = ("app.", "feeds.", "directory.", "federation.")
    events = {event for event in Event.__subclasses__() if event.__module__.startswith(ours)}

    assert events == set(PUBLISHERS) | set(NOT_FEDERATED)
    assert not set(PUBLISHERS) & set(NOT_FEDERATED)
    assert all(NOT_FEDERATED.values())
