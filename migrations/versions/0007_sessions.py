"""Where people are signed in, which of two keys our actors use, and what others call themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0007_sessions"
down_revision = "0006_bans"


def _make_sessions() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_key", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["sign_in_user.id"],
            name=op.f("fk_login_session_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_login_session_key_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_login_session_public_id")),
    )
    op.create_index(op.f("ix_login_session_user_id"), "login_session", ["user_id"])
    op.create_index(op.f("ix_login_session_expires_at"), "login_session", ["expires_at"])


def _widen_keys() -> None:
    op.add_column("delivery", sa.Column("signed_by", sa.String(length=16), nullable=True))
    op.add_column("former_key", sa.Column("method_id", sa.String(length=60), nullable=True))


def _add_handles() -> None:
    for table in ("account", "community"):
        op.add_column(table, sa.Column("webfinger", sa.String(length=255), nullable=True))
        op.create_index(op.f(f"ix_{table}_webfinger"), table, ["webfinger"], unique=False)
    op.add_column("actor", sa.Column("claimed_handle", sa.String(length=255), nullable=True))
    op.add_column("actor", sa.Column("claims_check_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_actor_claims_check_at"), "actor", ["claims_check_at"], unique=False)


def _widen_reports() -> None:
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("about_community_id", sa.Integer(), nullable=True))
        table.create_index(op.f("ix_report_about_community_id"), ["about_community_id"])
        table.create_foreign_key(
            op.f("fk_report_about_community_id"),
            "community",
            ["about_community_id"],
            ["id"],
            ondelete="CASCADE",
        )


def upgrade() -> None:
    """Make the table; whoever is signed in by an older cookie signs in once more."""
    _make_sessions()
    _widen_keys()
    _add_handles()
    _widen_reports()


def downgrade() -> None:
    """Drop what was added: everybody signs in again, and former keys for proofs are forgotten."""
    op.execute("DELETE FROM report WHERE about_community_id IS NOT NULL")
    with op.batch_alter_table("report") as table:
        table.drop_constraint(op.f("fk_report_about_community_id"), type_="foreignkey")
        table.drop_index(op.f("ix_report_about_community_id"))
        table.drop_column("about_community_id")
    op.drop_index(op.f("ix_actor_claims_check_at"), "actor")
    op.drop_column("actor", "claims_check_at")
    op.drop_column("actor", "claimed_handle")
    for table in ("account", "community"):
        op.drop_index(op.f(f"ix_{table}_webfinger"), table)
        op.drop_column(table, "webfinger")
    op.execute("DELETE FROM former_key WHERE method_id IS NOT NULL")
    op.drop_column("former_key", "method_id")
    op.drop_column("delivery", "signed_by")
    op.drop_table("login_session")
