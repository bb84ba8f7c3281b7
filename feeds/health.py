"""How a feed is doing, in words its owner understands: works, since when not, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import utcnow
from app.core.web import local_date
from feeds.models.feed import Feed, FeedState

HealthStatus = Literal["good", "late", "bad", "unknown"]
QUIET: Final = timedelta(days=180)
# A failure this young may be a passing one: late, not broken.
YOUNG: Final = timedelta(days=1)

CLOUDFLARE: Final = "cloudflare"
MOVED_AWAY: Final = "moved_away"
GONE: Final = "http_410"
UNKNOWN_HOST: Final = "name_unknown"
REFUSED: Final = "connection_refused"
# Every cause is stored by its code and worded here; a status without words of its own falls back
# to its class, and anything else to the last sentence.
SENTENCES: Final[dict[str, LazyString]] = {
    "tls_expired": _l("Het certificaat van de website is verlopen."),
    "tls_wrong_host": _l("Het certificaat van de website hoort bij een ander adres."),
    "tls_incomplete_chain": _l(
        "Het certificaat van de website is niet te controleren. "
        "Vaak ontbreekt het tussencertificaat op de server."
    ),
    "tls_self_signed": _l("De website heeft haar certificaat zelf ondertekend."),
    "tls_failed": _l("De beveiligde verbinding met de website lukt niet."),
    UNKNOWN_HOST: _l("De naam van de website is niet te vinden op het internet."),
    REFUSED: _l("De server van de website neemt niet op."),
    "connect_failed": _l("De website is niet bereikbaar."),
    "broken_off": _l("De website verbreekt de verbinding."),
    "too_slow": _l("De website antwoordt niet op tijd."),
    "too_large": _l("De feed is groter dan 8 MB. Zo veel lezen we niet."),
    "too_many_redirects": _l("De website verwijst in een kring door."),
    "downgrade": _l("De website verwijst door naar een adres zonder beveiliging."),
    "address_refused": _l("Het adres staat niet op het openbare internet."),
    "cut_short": _l("De website stopt midden in haar antwoord."),
    "bad_response": _l("De website geeft een antwoord dat we niet kunnen lezen."),
    "bad_url": _l("Het adres van de feed klopt niet."),
    "http_401": _l("De website vraagt om een wachtwoord."),
    "http_403": _l("De website laat ons niet toe."),
    "http_404": _l("Op dit adres staat niets meer."),
    GONE: _l("De website zegt dat de feed is weggehaald."),
    "http_429": _l("De website vraagt ons te wachten."),
    "http_503": _l("De website is tijdelijk niet beschikbaar."),
    "http_4xx": _l("De website weigert ons verzoek."),
    "http_5xx": _l("De server van de website geeft een fout."),
    CLOUDFLARE: _l(
        "Cloudflare houdt ons tegen. De beheerder van de website kan ons toelaten: "
        "laat feeds vrij van de controle op robots."
    ),
    "feed_html": _l("Op dit adres staat een webpagina, geen feed."),
    "feed_empty": _l("Op dit adres staat een leeg bestand."),
    "feed_json": _l("Op dit adres staat JSON, maar geen feed."),
    "feed_xml": _l("Op dit adres staat XML, maar geen feed."),
    "feed_text": _l("Op dit adres staat tekst, geen feed."),
    "feed_too_large": _l("De feed is groter dan 8 MB. Zo veel lezen we niet."),
    "feed_unreadable": _l("De feed is zo beschadigd dat we hem niet kunnen lezen."),
    MOVED_AWAY: _l("Het adres verwijst door naar iets dat geen feed is."),
}
LAST_RESORT: Final = _l("Het ophalen lukt niet.")


@dataclass(frozen=True)
class Health:
    """One line about a feed; `since` is when the present state began, None when unknown.

    `latest` is when its newest entry appeared. `text` is the whole line, ready to be read.
    """

    status: HealthStatus
    text: str
    since: datetime | None = None
    latest: datetime | None = None
    cause: str = ""


def explain_cause(code: str) -> str:
    """Return the sentence for a stored cause."""
    if code in SENTENCES:
        return str(SENTENCES[code])
    if code.startswith("http_") and len(code) == len("http_000"):
        return str(SENTENCES.get(f"http_{code[5]}xx", LAST_RESORT))
    return str(SENTENCES["bad_url"] if code.startswith("bad_") else LAST_RESORT)


def describe_health(feed: Feed) -> Health:
    """Return the line about a feed: does it work, what came last, since when not, and why not."""
    if feed.state != FeedState.ACTIVE:
        return _describe_end(feed)
    if feed.fetched_at is None:
        return Health("unknown", _("Nog niet opgehaald. Dat gebeurt binnen een minuut."))
    if feed.failing_since is not None:
        return _describe_failure(feed, feed.failing_since)
    if feed.asked_to_wait_until is not None and feed.asked_to_wait_until > utcnow():
        text = _("De website vraagt ons even te wachten. Daarna halen we de feed weer op.")
        return Health("late", text, feed.succeeded_at, feed.newest_entry_at, "http_429")
    return _describe_success(feed)


def _describe_end(feed: Feed) -> Health:
    if feed.state == FeedState.GONE:
        text = _("Gestopt. De website zegt dat de feed voorgoed is weggehaald.")
        return Health("bad", text, feed.gone_seen_at, feed.newest_entry_at, GONE)
    return Health("unknown", _("We lezen deze feed niet meer."), None, feed.newest_entry_at)


def _describe_failure(feed: Feed, since: datetime) -> Health:
    is_young = utcnow() - since < YOUNG
    why = explain_cause(feed.cause)
    if is_young and feed.succeeded_at is not None:
        text = _("Vandaag lukt het ophalen niet. %(why)s We proberen het opnieuw.", why=why)
        return Health("late", text, since, feed.newest_entry_at, feed.cause)
    text = _("Werkt niet sinds %(day)s. %(why)s", day=local_date(since), why=why)
    return Health("bad", text, since, feed.newest_entry_at, feed.cause)


def _describe_success(feed: Feed) -> Health:
    newest = feed.newest_entry_at
    if newest is None:
        return Health("good", _("Werkt. Er staat nog geen bericht in."), feed.succeeded_at)
    day = local_date(newest)
    if utcnow() - newest > QUIET:
        text = _("Werkt, maar het is er stil. Laatste bericht: %(day)s.", day=day)
        return Health("late", text, feed.succeeded_at, newest)
    text = _("Werkt. Laatste bericht: %(day)s.", day=day)
    return Health("good", text, feed.succeeded_at, newest)
