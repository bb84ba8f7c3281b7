"""The peers, each played: how it writes, how its inbox reads, how it answers."""

from collections.abc import Mapping
from typing import Final

from tests.interop.peers.gotosocial import GoToSocial
from tests.interop.peers.lemmy import Lemmy
from tests.interop.peers.mastodon import Mastodon
from tests.interop.peers.mbin import Mbin
from tests.interop.peers.nodebb import NodeBB
from tests.interop.peers.piefed import PieFed
from tests.interop.peers.writing import Writer

PEERS: Final[Mapping[str, type[Writer]]] = {
    "mastodon": Mastodon,
    "lemmy": Lemmy,
    "piefed": PieFed,
    "mbin": Mbin,
    "nodebb": NodeBB,
    "gotosocial": GoToSocial,
}
