"""Signatures, proofs and moves of peers; how deliveries go; what is read of remote groups."""

import sqlalchemy as sa
from alembic import op

revision = "0005_peers"
down_revision = "0004_directory"

TABLES = (
    "failing_inbox",
    "follower_check",
    "withdrawal",
    "former_key",
    "delivery_attempt",
    "follow_request",
    "community_backfill",
    "thread_check",
    "lookup",
)
COLUMNS = {
    "actor": (
        sa.Column("key_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof_key", sa.Text(), nullable=True),
        sa.Column("private_proof_key", sa.Text(), nullable=True),
        sa.Column("proof_keys", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("also_known_as", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
    ),
    "comment": (
        sa.Column("echoed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turned_down", sa.Text(), nullable=True),
    ),
    "inbox_activity": (
        sa.Column("verified_by", sa.String(length=10), server_default="signature", nullable=False),
    ),
    "outbox_activity": (
        sa.Column("tells_followers", sa.Boolean(), server_default=sa.false(), nullable=False),
    ),
    "peer": (
        sa.Column("set_dialect", sa.String(length=20), nullable=True),
        sa.Column("scheme", sa.String(length=10), nullable=True),
        sa.Column("scheme_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_unsigned_gets", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("failing_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
    ),
    "post": (
        sa.Column("context_uri", sa.Text(), nullable=True),
        sa.Column("echoed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turned_down", sa.Text(), nullable=True),
    ),
}


def _make_delivery() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("by_uri", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("uri", "by_uri", name=op.f("uq_withdrawal_uri_by_uri")),
    )
    op.create_table(
        "former_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signs_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_former_key_actor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_key")),
    )
    op.create_index(op.f("ix_former_key_actor_id"), "former_key", ["actor_id"], unique=False)
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("scheme", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_attempt_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    op.create_index(
        op.f("ix_delivery_attempt_delivery_id"), "delivery_attempt", ["delivery_id"], unique=False
    )
    op.create_table(
        "follow_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_follow_request_membership_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_request")),
        sa.UniqueConstraint("membership_id", name=op.f("uq_follow_request_membership_id")),
    )
    op.create_index("ix_follow_request_due", "follow_request", ["next_attempt_at"], unique=False)


def _make_watches() -> None:
    op.create_table(
        "failing_inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_url", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("failed_on", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failing_inbox")),
        sa.UniqueConstraint("inbox_url", name=op.f("uq_failing_inbox_inbox_url")),
    )
    op.create_table(
        "follower_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_follower_check_actor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower_check")),
        sa.UniqueConstraint("actor_id", name=op.f("uq_follower_check_actor_id")),
    )
    op.create_index("ix_follower_check_due", "follower_check", ["next_attempt_at"], unique=False)
    leased = sa.text("lease_until IS NOT NULL")
    op.create_index(
        "ix_delivery_leased",
        "delivery",
        ["lease_until", "host"],
        unique=False,
        sqlite_where=leased,
        postgresql_where=leased,
    )


def _make_backfill() -> None:
    op.create_table(
        "community_backfill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("next_url", sa.Text(), nullable=True),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconciled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_community_backfill_community_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_backfill")),
        sa.UniqueConstraint("community_id", name=op.f("uq_community_backfill_community_id")),
    )
    op.create_index(
        "ix_community_backfill_due",
        "community_backfill",
        ["state", "next_attempt_at"],
        unique=False,
    )
    op.create_table(
        "thread_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("context_uri", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("next_url", sa.Text(), nullable=True),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actors", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_thread_check_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_check")),
        sa.UniqueConstraint("post_id", name=op.f("uq_thread_check_post_id")),
    )
    op.create_index(
        "ix_thread_check_due", "thread_check", ["state", "next_attempt_at"], unique=False
    )


def _make_lookups() -> None:
    op.create_table(
        "lookup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("found_uri", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_lookup_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lookup_public_id")),
    )
    op.create_index("ix_lookup_due", "lookup", ["state", "next_attempt_at"], unique=False)
    op.create_index(op.f("ix_lookup_account_id"), "lookup", ["account_id"], unique=False)


def upgrade() -> None:
    """Make the tables and columns, without copying any."""
    _make_delivery()
    _make_watches()
    _make_backfill()
    _make_lookups()
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(
                table,
                sa.Column(
                    column.name,
                    column.type,
                    server_default=column.server_default,
                    nullable=column.nullable,
                ),
            )
    op.create_index("ix_inbox_activity_needs", "inbox_activity", ["needs_uri"], unique=False)


def downgrade() -> None:
    """Drop what was added."""
    op.drop_index("ix_inbox_activity_needs", "inbox_activity")
    op.drop_index("ix_delivery_leased", "delivery")
    for table_name, columns in COLUMNS.items():
        for column in reversed(columns):
            op.drop_column(table_name, column.name)
    for name in reversed(TABLES):
        op.drop_table(name)
