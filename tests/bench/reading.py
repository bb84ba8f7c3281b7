"""How fast pages and documents come: for browsers, for other servers, from memory and anew.

The page cache keeps anonymous answers for at most a second; a query of its own for every request
(`?keer=1`) goes round it, and shows what one rendering costs.
"""

from dataclasses import dataclass
from statistics import median

from tests.bench.figures import Figures, percentile
from tests.bench.filling import Filling
from tests.bench.load import Plan, get_request, run_load
from tests.bench.server import Place

ACTIVITY_JSON = "application/activity+json"
VARIANTS = 20_000
WARM_UP_SECONDS = 0.5
ALONE = 40


@dataclass(frozen=True)
class Reading:
    """One address, asked for over and over; `is_timed` also notes the 95th percentile."""

    key: str
    path: str
    accept: str = "text/html"
    is_timed: bool = False


def readings(place: Place, filling: Filling) -> list[Reading]:
    """Return everything that is read."""
    subject = f"acct:{filling.community}@{place.host}"
    return [
        Reading("home", "/"),
        Reading("community", f"/c/{filling.community}"),
        Reading("thread", f"/post/{filling.thread}", is_timed=True),
        Reading("group", f"/c/{filling.community}", ACTIVITY_JSON),
        Reading("post", f"/post/{filling.posts[0]}", ACTIVITY_JSON),
        Reading("context", f"/post/{filling.thread}/context", ACTIVITY_JSON, is_timed=True),
        Reading("webfinger", f"/.well-known/webfinger?resource={subject}", "*/*"),
    ]


def measure_reading(place: Place, filling: Filling, figures: Figures, seconds: float) -> None:
    """Measure one round of every reading, kept for a second and made anew."""
    for reading in readings(place, filling):
        once = [get_request(place.host, reading.path, reading.accept)]
        _measure(place, figures, reading, once, seconds)
        join = "&" if "?" in reading.path else "?"
        anew = [
            get_request(place.host, f"{reading.path}{join}keer={n}", reading.accept)
            for n in range(VARIANTS)
        ]
        fresh = Reading(f"{reading.key}_new", reading.path, reading.accept, reading.is_timed)
        _measure(place, figures, fresh, anew, seconds)
    _measure_alone(place, filling, figures)


def _measure_alone(place: Place, filling: Filling, figures: Figures) -> None:
    """Time the list of a long thread for a single reader, as another server asks for it."""
    path = f"/post/{filling.thread}/context?alleen="
    asked = [get_request(place.host, f"{path}{n}", ACTIVITY_JSON) for n in range(ALONE)]
    outcome = run_load(Plan(place.port, asked, connections=1))
    figures.note("context_alone", median(outcome.latencies) * 1000)


def _measure(
    place: Place, figures: Figures, reading: Reading, requests: list[bytes], seconds: float
) -> None:
    run_load(Plan(place.port, requests[:1], seconds=WARM_UP_SECONDS))
    outcome = run_load(Plan(place.port, requests, seconds=seconds))
    figures.note(reading.key, outcome.rate)
    if reading.is_timed:
        figures.note(f"{reading.key}_p95", percentile(outcome.latencies, 0.95) * 1000)
