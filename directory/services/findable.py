"""Push listings and topics to search; misprints are understood there and never shown."""

from collections.abc import Iterable, Sequence

from app.core.visibility import Visibility
from app.search.documents import Kind, SearchDocument
from app.search.index import put_document, put_synonyms
from directory.models.listing import Listing
from directory.models.topic import Topic


def put_listings(listings: Iterable[Listing]) -> None:
    """Make these listings findable by their texts, their topics and the printed words."""
    for listing in listings:
        put_document(describe_listing(listing))


def put_topics(topics: Iterable[Topic]) -> None:
    """Make these topics findable, and let each of their names find what the others find."""
    for topic in topics:
        put_document(
            SearchDocument(
                kind=Kind.TOPIC,
                key=topic.public_id,
                title=topic.label,
                text=", ".join(topic.synonyms),
                url=topic.path,
                keywords=" ".join([*topic.labels.values(), *topic.hidden_labels]),
            )
        )
        names = [*topic.labels.values(), *topic.synonyms]
        put_synonyms(f"topic:{topic.slug}", names, hidden=topic.hidden_labels)
        for number, (right, wrong) in enumerate(misprinted_words(topic)):
            put_synonyms(f"topic:{topic.slug}:{number}", [right], hidden=[wrong])


def describe_listing(listing: Listing) -> SearchDocument:
    """Return what search may know of a listing: no contacts, no text that is withheld."""
    shown = {
        "description": listing.descriptions.get("nl", ""),
        "institution": listing.institution,
        "links": " ".join(link.printed_text for link in listing.links),
        "terms": " ".join(listing.terms_in_text),
    }
    texts = {field: text if listing.shows(field) else "" for field, text in shown.items()}
    english = listing.descriptions.get("en", "") if listing.shows("description") else ""
    hosts = [link.printed_host for link in listing.links]
    words = [texts["links"], texts["terms"], listing.kind, english, *hosts]
    return SearchDocument(
        kind=Kind.LISTING,
        key=listing.public_id,
        title=listing.name,
        text=texts["description"],
        detail=texts["institution"],
        url=listing.path,
        keywords=" ".join([*words, *listing.names.values(), *_topic_words(listing)]),
        visibility=Visibility(listing.visibility),
    )


def misprinted_words(topic: Topic) -> list[tuple[str, str]]:
    """Return (right, misprinted) for the words in which a hidden label differs from the label."""
    pairs: list[tuple[str, str]] = []
    right = topic.label.split()
    for hidden in topic.hidden_labels:
        wrong = hidden.split()
        if len(wrong) == len(right):
            pairs += [
                (a, b) for a, b in zip(right, wrong, strict=True) if a.casefold() != b.casefold()
            ]
    return pairs


def _topic_words(listing: Listing) -> Sequence[str]:
    topics = [row.topic for row in listing.topics]
    return [
        label
        for topic in topics
        for label in (*topic.labels.values(), *topic.synonyms, *topic.hidden_labels)
    ]
