"""Our actors as JSON (people, communities, the server)."""

from federation.vocab.capabilities import write_implements
from federation.vocab.outgoing import Actor, ActorStub, Application, Group, Person
from federation.vocab.outgoing_parts import KeyMethod
from federation.vocab.render_parts import (
    Members,
    without_absent,
    write_language,
    write_later,
    write_picture,
    write_profile_fields,
    write_source,
    write_time,
)
from federation.vocab.terms import HTML


def write_person(person: Person) -> Members:
    """Write a person."""
    return without_absent(
        {
            "type": person.type,
            **_common(person),
            "featured": person.featured,
            "featuredTags": person.featured_tags,
        }
    )


def write_group(group: Group) -> Members:
    """Write a community; the list of moderators under both names that are read."""
    return without_absent(
        {
            "type": "Group",
            **_common(group),
            "description": group.description,
            "featured": group.featured,
            "attributedTo": group.moderators,
            "moderators": group.moderators,
            "postingRestrictedToMods": group.posting_restricted_to_mods,
            "sensitive": group.sensitive,
            "language": [write_language(one) for one in group.languages] or None,
        }
    )


def write_application(application: Application) -> Members:
    """Write the server itself."""
    return without_absent(
        {
            "type": "Application",
            **_common(application),
            "attributedTo": application.administrators,
            "implements": write_implements(),
            "content": application.content,
            "description": application.description,
            "language": [write_language(one) for one in application.languages] or None,
        }
    )


def write_stub(stub: ActorStub) -> Members:
    """Write what anybody may see of an actor."""
    return without_absent(
        {
            "type": stub.type,
            "id": stub.uri,
            "preferredUsername": stub.preferred_username,
            "name": stub.name,
            "inbox": stub.inbox,
            "outbox": stub.outbox,
            "publicKey": _write_public_key(stub.uri, stub.public_key_pem),
        }
    )


def _common(actor: Actor) -> Members:
    """Write what every actor has."""
    return {
        "id": actor.uri,
        "preferredUsername": actor.preferred_username,
        "webfinger": actor.webfinger,
        "name": actor.name,
        "summary": actor.summary,
        "mediaType": HTML if actor.summary else None,
        "source": write_source(actor.source),
        "url": actor.url or actor.uri,
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "followers": actor.followers,
        "following": actor.following,
        "endpoints": {"sharedInbox": actor.shared_inbox},
        "publicKey": _write_public_key(actor.uri, actor.public_key_pem),
        "assertionMethod": [_write_key(actor, key) for key in actor.assertion_methods] or None,
        "manuallyApprovesFollowers": actor.manually_approves_followers,
        "discoverable": actor.discoverable,
        "indexable": actor.indexable,
        "suspended": actor.suspended or None,
        "icon": write_picture(actor.icon),
        "image": write_picture(actor.image),
        "attributionDomains": list(actor.attribution_domains) or None,
        "attachment": write_profile_fields(actor.attachments),
        "generator": _generator(actor.generator),
        "alsoKnownAs": list(actor.also_known_as) or None,
        "movedTo": actor.moved_to,
        "published": write_time(actor.published),
        "updated": write_later(actor.updated, actor.published),
    }


def _generator(uri: str | None) -> Members | None:
    """Write the software behind an actor, with what it can do (FEP-844e)."""
    if uri is None:
        return None
    return {"type": "Application", "id": uri, "implements": write_implements()}


def _write_public_key(owner: str, pem: str) -> Members:
    """Write the key that signs requests: exactly one object (Lemmy, PieFed, Mbin, NodeBB)."""
    return {"id": f"{owner}#main-key", "owner": owner, "publicKeyPem": pem}


def _write_key(actor: Actor, key: KeyMethod) -> Members:
    """Write one key as Multikey (FEP-521a)."""
    return {
        "id": key.uri,
        "type": "Multikey",
        "controller": actor.uri,
        "publicKeyMultibase": key.multikey,
    }
