"""Mastodon: boosts, statuses, favourites; a Page is a title, a summary and a link."""

import secrets
from collections.abc import Sequence

from tests.interop.peers.microblog import Microblog
from tests.interop.peers.software import Json, RefusedError
from tests.readers import mastodon, message_signatures
from tests.readers.signatures import Delivered, Parsed
from tests.support.fediverse import RemoteActor


class Mastodon(Microblog):
    """A deletion burns an id for ever; a Block is personal; reports name an account."""

    name = "mastodon"
    software = "mastodon"

    def parse_signature(self, delivered: Delivered) -> Parsed:
        """Read the signature; the digest must be covered."""
        return mastodon.parse_signature(delivered)

    def verified_signer(self, delivered: Delivered) -> str:
        """Read message signatures as well, since 4.5."""
        if "signature-input" not in delivered.headers:
            return super().verified_signer(delivered)
        owner = message_signatures.key_id_of(delivered).partition("#")[0]
        message_signatures.check(delivered, self.get(owner)["publicKey"]["publicKeyPem"])
        return owner

    def new_id(self, actor: RemoteActor, kind: str) -> str:
        """Return an id: a fragment of the actor, but of a Follow or a report a plain address."""
        number = secrets.randbelow(10**6)
        if kind in {"Follow", "Flag"}:
            return f"http://{self.host}/{secrets.token_hex(16)}"
        return f"{actor.uri}#{kind.lower()}s/{number}"

    def create(self, author: RemoteActor, thing: Json) -> Json:
        """Write a Create whose id is the status with /activity behind it."""
        return {**super().create(author, thing), "id": f"{thing['id']}/activity"}

    def delete(self, author: RemoteActor, uri: str, group: str) -> Json:
        """Write a Delete whose id is a fragment of the status."""
        return {**super().delete(author, uri, group), "id": f"{uri}#delete"}

    def report(self, actor: RemoteActor, things: Sequence[str], group: str, reason: str) -> Json:
        """Write a report: the account first, in the name of the server."""
        post, person = things
        return self.act("Flag", actor, [person, post], content=reason, to=person)

    def read_post(self, thing: Json) -> Json:
        """Show a status; a Page is its title, its summary and a link."""
        found = mastodon.read_status(thing)
        is_native = thing["type"] in mastodon.NATIVE_TYPES
        title = None if is_native else thing["name"]
        assert title is None or f"<h2>{title}</h2>" in found["html"]
        return found | {"title": title, "text": found["html"], "author": thing["attributedTo"]}

    def apply(self, activity: Json) -> None:
        """Require that a report names an account of this server."""
        if activity["type"] == "Flag":
            try:
                mastodon.read_report(activity, self.host)
            except mastodon.RefusedError as error:
                raise RefusedError(202, str(error)) from error
        super().apply(activity)
