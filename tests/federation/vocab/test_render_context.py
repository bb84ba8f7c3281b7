"""What full JSON-LD readers (Friendica, Fedify) make of our documents."""

import pytest
from pyld import jsonld

from federation.vocab.render import render
from tests.federation.vocab import outgoing_examples as examples

AS = "https://www.w3.org/ns/activitystreams#"
TOOT, LEMMY, PEERTUBE = (
    "http://joinmastodon.org/ns#",
    "https://join-lemmy.org/ns#",
    "https://joinpeertube.org/ns#",
)
SCHEMA, GTS = "http://schema.org/", "https://gotosocial.org/ns#"

# A stand-in for the contexts we name by address: the reader has these, and no network is used.
STAND_IN = {"@vocab": AS, "as": AS, "id": "@id", "type": "@type"}


def load_stand_in(url, options):
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": {"@context": STAND_IN if url.startswith("https://www.w3.org/ns/act") else {}},
    }


def expand(document):
    expanded = jsonld.expand(render(document), {"documentLoader": load_stand_in})
    assert len(expanded) == 1
    return expanded[0]


@pytest.mark.parametrize("document", examples.EXAMPLES.values(), ids=examples.EXAMPLES)
def test_every_document_expands_to_one_thing_with_its_id(document):
    assert expand(document)["@id"] == document.uri


@pytest.mark.parametrize(
    ("document", "term", "value"),
    [
        (examples.PAGE, f"{AS}sensitive", {"@value": False}),
        (
            examples.PAGE,
            f"{PEERTUBE}commentsEnabled",
            {"@type": f"{SCHEMA}Boolean", "@value": True},
        ),
        (examples.PAGE, f"{AS}dislikes", {"@id": f"{examples.POST}/dislikes"}),
        (examples.PERSON, f"{TOOT}featured", {"@id": f"{examples.ANA}/featured"}),
        (examples.PERSON, f"{TOOT}indexable", {"@value": True}),
        (examples.PERSON, f"{AS}manuallyApprovesFollowers", {"@value": False}),
        (examples.GROUP_ACTOR, f"{LEMMY}moderators", {"@id": f"{examples.GROUP}/moderators"}),
        (examples.GROUP_ACTOR, f"{LEMMY}postingRestrictedToMods", {"@value": False}),
        (
            examples.PAGE,
            "https://misskey-hub.net/ns#_misskey_content",
            {"@value": "**Hoe toets je dit?**\n\nEen vraag"},
        ),
        (examples.REMOVAL, f"{LEMMY}withReplies", {"@value": True}),
        (examples.BLOCK, f"{LEMMY}removeData", {"@value": False}),
    ],
)
def test_extension_terms_expand_to_the_names_that_peers_know(document, term, value):
    assert expand(document)[term] == [value]


def test_tags_languages_profile_fields_and_policies_expand_as_well():
    page, person = expand(examples.PAGE), expand(examples.PERSON)

    assert [tag["@type"] for tag in page[f"{AS}tag"]] == [[f"{AS}Mention"], [f"{AS}Hashtag"]]
    assert page[f"{SCHEMA}inLanguage"][0][f"{SCHEMA}identifier"] == [{"@value": "nl"}]
    assert f"{GTS}canQuote" in page[f"{GTS}interactionPolicy"][0]
    assert person[f"{AS}attachment"][0]["@type"] == [f"{SCHEMA}PropertyValue"]
