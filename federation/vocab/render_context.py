"""The `@context` of everything we send.

The first entry must be the AS2 address as a text (Mastodon). Extension terms stand inline: a
context address of our own would have to be fetched by every full JSON-LD reader. `alsoKnownAs` and
`assertionMethod` are not among them: the CID context defines and protects these.
"""

from typing import Final

from federation.vocab.terms import JsonValue

CONTEXT: Final[list[JsonValue]] = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    "https://w3id.org/security/data-integrity/v1",
    "https://www.w3.org/ns/cid/v1",
    {
        "toot": "http://joinmastodon.org/ns#",
        "lemmy": "https://join-lemmy.org/ns#",
        "pt": "https://joinpeertube.org/ns#",
        "sc": "http://schema.org/",
        "gts": "https://gotosocial.org/ns#",
        "sensitive": "as:sensitive",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "Hashtag": "as:Hashtag",
        "dislikes": {"@id": "as:dislikes", "@type": "@id"},
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "suspended": "toot:suspended",
        "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
        "moderators": {"@id": "lemmy:moderators", "@type": "@id"},
        "postingRestrictedToMods": "lemmy:postingRestrictedToMods",
        "removeData": "lemmy:removeData",
        "restoreData": "lemmy:restoreData",
        "withReplies": "lemmy:withReplies",
        "distinguished": "lemmy:distinguished",
        "commentsEnabled": {"@id": "pt:commentsEnabled", "@type": "sc:Boolean"},
        "PropertyValue": "sc:PropertyValue",
        "value": "sc:value",
        "description": "sc:description",
        "language": "sc:inLanguage",
        "identifier": "sc:identifier",
        "implements": {
            "@id": "https://w3id.org/fep/844e#implements",
            "@type": "@id",
            "@container": "@set",
        },
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    },
]
