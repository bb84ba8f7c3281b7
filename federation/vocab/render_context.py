"""The `@context` of everything we send.

The first entry must be the AS2 address as a text (Mastodon). Extension terms stand inline: what a
full JSON-LD reader has not at hand it must fetch, and without it cannot read our actors at all.
That goes for the CID context of FEP-521a too (Fedify has it not), so its few terms stand here.
"""

from typing import Final

from federation.vocab.terms import JsonValue

CONTEXT: Final[list[JsonValue]] = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    "https://w3id.org/security/data-integrity/v1",
    {
        "toot": "http://joinmastodon.org/ns#",
        "lemmy": "https://join-lemmy.org/ns#",
        "pt": "https://joinpeertube.org/ns#",
        "sc": "http://schema.org/",
        "gts": "https://gotosocial.org/ns#",
        "misskey": "https://misskey-hub.net/ns#",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "assertionMethod": {
            "@id": "sec:assertionMethod",
            "@type": "@id",
            "@container": "@set",
        },
        "controller": {"@id": "sec:controller", "@type": "@id"},
        "Multikey": "sec:Multikey",
        "publicKeyMultibase": {"@id": "sec:publicKeyMultibase", "@type": "sec:multibase"},
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
        "Lock": "lemmy:Lock",
        "Resolve": "lemmy:Resolve",
        "Warn": "lemmy:Warn",
        "expires": {"@id": "as:endTime", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
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
        "_misskey_content": "misskey:_misskey_content",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "canReply": {"@id": "gts:canReply", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
    },
]
