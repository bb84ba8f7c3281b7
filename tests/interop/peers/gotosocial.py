"""GoToSocial: every GET is signed, a title folds the text, the first context alone counts."""

import secrets
from typing import Any

from tests.interop.peers.microblog import Microblog
from tests.interop.peers.software import Json
from tests.readers import gotosocial
from tests.readers.signatures import Delivered, Parsed
from tests.support.fediverse import PUBLIC, RemoteActor


class GoToSocial(Microblog):
    """Folds a titled post behind its summary; looks at the first context only."""

    name = "gotosocial"
    software = "gotosocial"

    def parse_signature(self, delivered: Delivered) -> Parsed:
        """Read the signature; Host, Date, target and digest must be covered."""
        return gotosocial.parse_signature(delivered)

    def check_body(self, activity: Json) -> None:
        """Look at the first context."""
        gotosocial.check_context(activity)

    def new_id(self, actor: RemoteActor, kind: str) -> str:
        """Return an id below the actor."""
        return f"{actor.uri}/{kind.lower()}s/{secrets.token_hex(13).upper()}"

    def note(self, author: RemoteActor, text: str, mentioned: list[str], **extra: Any) -> Json:
        """Write a status with its policy about who may answer."""
        everyone = {"always": [PUBLIC], "approvalRequired": []}
        policy = {"canLike": everyone, "canReply": everyone, "canAnnounce": everyone}
        plain = super().note(author, text, mentioned, **extra)
        return {**plain, "summary": "", "attachment": [], "interactionPolicy": policy, **extra}

    def create(self, author: RemoteActor, thing: Json) -> Json:
        """Write a Create whose id is a fragment of the status."""
        return {**super().create(author, thing), "id": f"{thing['id']}/activity#Create"}

    def read_post(self, thing: Json) -> Json:
        """Show a status, folded when it has a summary or a name."""
        found = gotosocial.read_status(thing)
        more = {"title": thing.get("name"), "text": found["html"], "author": thing["attributedTo"]}
        return found | more
