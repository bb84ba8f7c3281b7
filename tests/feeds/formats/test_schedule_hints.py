import pytest

from feeds.formats.document import ScheduleHints
from feeds.formats.schedule_hints import read_hints


@pytest.mark.parametrize(
    ("head", "hints"),
    [
        ("<ttl>60</ttl>", ScheduleHints(ttl_minutes=60)),
        ("<ttl>0</ttl><ttl>soon</ttl>", ScheduleHints()),
        (
            "<skipHours><hour>0</hour><hour>24</hour><hour> 5 </hour></skipHours>",
            ScheduleHints(skip_hours=frozenset({0, 5})),
        ),
        (
            "<skipDays><day>Saturday</day><day>zondag</day></skipDays>",
            ScheduleHints(skip_days=frozenset({5})),
        ),
        (
            "<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>",
            ScheduleHints(),
        ),
        (
            "<sy:updatePeriod>\ndaily</sy:updatePeriod><sy:updateFrequency>0.5</sy:updateFrequency>",
            ScheduleHints(update_minutes=2880),
        ),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", ScheduleHints(update_minutes=60)),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            ScheduleHints(),
        ),
        ("<sy:updatePeriod>soms</sy:updatePeriod>", ScheduleHints()),
    ],
)
def test_hints_are_read_and_nonsense_is_ignored(head, hints):
    assert read_hints(head) == hints
