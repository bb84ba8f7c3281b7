"""Keys and inboxes: the protocol side of an account, a community or this server."""

from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.addresses import local_uri
from app.core.columns import Instant, OptionalInstant, RowId, reference
from app.core.db import Base
from app.forum.models.community import Community


class ActorKind(StrEnum):
    """What stands behind an actor."""

    PERSON = "person"
    COMMUNITY = "community"
    INSTANCE = "instance"


class Actor(Base):
    """Tied 1:1 to an account or a community; the instance actor has neither.

    Local actors: `private_key` (encrypted with the secret key) and `public_key` are made at first
    use; addresses are computed. Remote actors: `key_id` and the addresses as their document says.
    `proof_key` is an Ed25519 public key in multibase (FEP-521a), `private_proof_key` ours,
    encrypted; `proof_keys` maps the ids of a remote actor's proof keys to such keys, and holds the
    name of ours within its document when it is not the first. `claimed_handle` is what a remote
    actor calls itself (FEP-2c59), `moved_to` where it says it went; whether others agree is looked
    up at `claims_check_at`.
    """

    __tablename__ = "actor"
    __table_args__ = (
        CheckConstraint("account_id IS NULL OR community_id IS NULL", name="one_owner"),
        Index(
            "uq_actor_instance",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'instance'"),
            postgresql_where=text("kind = 'instance'"),
        ),
    )

    id: Mapped[RowId]
    kind: Mapped[ActorKind] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(reference("account.id"), unique=True)
    community_id: Mapped[int | None] = mapped_column(reference("community.id"), unique=True)
    host: Mapped[str | None] = mapped_column(String(255), index=True)
    public_key: Mapped[str | None] = mapped_column(Text)
    private_key: Mapped[str | None] = mapped_column(Text)
    key_id: Mapped[str | None] = mapped_column(Text, index=True)
    key_changed_at: Mapped[OptionalInstant]
    proof_key: Mapped[str | None] = mapped_column(Text)
    private_proof_key: Mapped[str | None] = mapped_column(Text)
    proof_keys: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    inbox_url: Mapped[str | None] = mapped_column(Text)
    shared_inbox_url: Mapped[str | None] = mapped_column(Text)
    outbox_url: Mapped[str | None] = mapped_column(Text)
    followers_url: Mapped[str | None] = mapped_column(Text)
    moderators_url: Mapped[str | None] = mapped_column(Text)
    featured_url: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[Instant]
    fetched_at: Mapped[OptionalInstant]
    key_refetched_at: Mapped[OptionalInstant]
    gone_at: Mapped[OptionalInstant]
    also_known_as: Mapped[list[str]] = mapped_column(JSON, default=list)
    claimed_handle: Mapped[str | None] = mapped_column(String(255))
    claims_check_at: Mapped[OptionalInstant] = mapped_column(index=True)
    moved_to: Mapped[str | None] = mapped_column(Text)
    moved_at: Mapped[OptionalInstant]

    account: Mapped[Account | None] = relationship()
    community: Mapped[Community | None] = relationship()

    @property
    def is_local(self) -> bool:
        """Whether we hold the private key."""
        return self.host is None

    @property
    def uri(self) -> str:
        """The AS2 id of the actor."""
        owner = self.account or self.community
        return owner.uri if owner is not None else local_uri("/")

    @property
    def own_key_id(self) -> str:
        """The key id we sign with (federation.md section 1.1)."""
        return f"{self.uri}#main-key"
