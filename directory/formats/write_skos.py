"""Write the topics as a SKOS concept scheme in JSON-LD (W3C SKOS Reference, 3 to 8). Pure."""

import json
from typing import Any, Final

from directory.formats.document import DirectoryDocument, TopicDocument

CONTEXT: Final = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "ConceptScheme": "skos:ConceptScheme",
    "Concept": "skos:Concept",
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": ["@language", "@set"]},
    "hiddenLabel": {"@id": "skos:hiddenLabel", "@container": ["@language", "@set"]},
    "scopeNote": {"@id": "skos:scopeNote", "@language": "en"},
    "notation": "skos:notation",
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "topConceptOf": {"@id": "skos:topConceptOf", "@type": "@id"},
    "hasTopConcept": {"@id": "skos:hasTopConcept", "@type": "@id", "@container": "@set"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "narrower": {"@id": "skos:narrower", "@type": "@id", "@container": "@set"},
}


def write_skos(document: DirectoryDocument, scheme_uri: str) -> str:
    """Return the topics of `document` as the concept scheme `scheme_uri`."""
    by_slug = {topic.slug: topic for topic in document.topics}
    scheme = {
        "@id": scheme_uri,
        "@type": "ConceptScheme",
        "prefLabel": {"nl": "Onderwerpen", "en": "Topics"},
        "hasTopConcept": [topic.uri for topic in document.topics if topic.broader is None],
    }
    concepts = [_concept(topic, by_slug, scheme_uri) for topic in document.topics]
    content = {"@context": CONTEXT, "@graph": [scheme, *concepts]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _concept(
    topic: TopicDocument, by_slug: dict[str, TopicDocument], scheme_uri: str
) -> dict[str, Any]:
    printed = topic.label_printed
    hidden = [printed] if printed and printed.casefold() != _folded_label(topic) else []
    unshown = {label.casefold() for label in hidden} | {_folded_label(topic)}
    alternatives = [label for label in topic.alt_labels if label.casefold() not in unshown]
    concept: dict[str, Any] = {
        "@id": topic.uri,
        "@type": "Concept",
        "notation": topic.slug,
        "inScheme": scheme_uri,
        "prefLabel": topic.labels,
        "altLabel": {"nl": alternatives} if alternatives else None,
        "hiddenLabel": {"nl": hidden} if hidden else None,
        "scopeNote": topic.note,
        "broader": by_slug[topic.broader].uri if topic.broader else None,
        "narrower": [t.uri for t in by_slug.values() if t.broader == topic.slug],
        "topConceptOf": None if topic.broader else scheme_uri,
    }
    return {name: value for name, value in concept.items() if value}


def _folded_label(topic: TopicDocument) -> str:
    return topic.labels.get("nl", "").casefold()
