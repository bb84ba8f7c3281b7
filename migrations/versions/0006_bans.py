"""Bans, reports from elsewhere, and what moderators tell people."""

import sqlalchemy as sa
from alembic import op

revision = "0006_bans"
down_revision = "0005_peers"


def _make_bans() -> None:
    op.create_table(
        "ban",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("remote_uri", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("removes_posts", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ban_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_ban_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_ban_community_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ban_public_id")),
        sa.UniqueConstraint("remote_uri", name=op.f("uq_ban_remote_uri")),
    )
    op.create_index("ix_ban_account", "ban", ["account_id", "community_id"], unique=False)
    op.create_index(op.f("ix_ban_community_id"), "ban", ["community_id"], unique=False)


def _widen_log() -> None:
    with op.batch_alter_table("log_entry") as table:
        table.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(
            op.f("fk_log_entry_account_id"), "account", ["account_id"], ["id"], ondelete="SET NULL"
        )


def _widen_reports() -> None:
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("remote_uri", sa.Text(), nullable=True))
        table.add_column(sa.Column("reporter_host", sa.String(length=255), nullable=True))
        table.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        table.alter_column("reporter_id", existing_type=sa.Integer(), nullable=True)
        table.alter_column("community_id", existing_type=sa.Integer(), nullable=True)
        table.create_index(op.f("ix_report_account_id"), ["account_id"], unique=False)
        table.create_unique_constraint(op.f("uq_report_remote_uri"), ["remote_uri"])
        table.create_foreign_key(
            op.f("fk_report_account_id"), "account", ["account_id"], ["id"], ondelete="CASCADE"
        )


def _widen_notifications() -> None:
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("community_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_notification_community_id"),
            "community",
            ["community_id"],
            ["id"],
            ondelete="CASCADE",
        )
        table.add_column(sa.Column("log_entry_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_notification_log_entry_id"),
            "log_entry",
            ["log_entry_id"],
            ["id"],
            ondelete="CASCADE",
        )


def upgrade() -> None:
    """Make the table and widen three; SQLite copies those, and nothing is lost with it."""
    _make_bans()
    _widen_log()
    _widen_reports()
    _widen_notifications()


def downgrade() -> None:
    """Drop what was added; reports that have no place in the former shape are lost."""
    op.execute("DELETE FROM report WHERE reporter_id IS NULL OR community_id IS NULL")
    with op.batch_alter_table("report") as table:
        table.drop_constraint(op.f("fk_report_account_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_report_remote_uri"), type_="unique")
        table.drop_index(op.f("ix_report_account_id"))
        table.alter_column("community_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("reporter_id", existing_type=sa.Integer(), nullable=False)
        for name in ("account_id", "reporter_host", "remote_uri"):
            table.drop_column(name)
    op.execute(
        "DELETE FROM notification WHERE community_id IS NOT NULL OR log_entry_id IS NOT NULL"
    )
    with op.batch_alter_table("notification") as table:
        table.drop_constraint(op.f("fk_notification_log_entry_id"), type_="foreignkey")
        table.drop_column("log_entry_id")
        table.drop_constraint(op.f("fk_notification_community_id"), type_="foreignkey")
        table.drop_column("community_id")
    with op.batch_alter_table("log_entry") as table:
        table.drop_constraint(op.f("fk_log_entry_account_id"), type_="foreignkey")
        table.drop_column("expires_at")
        table.drop_column("account_id")
    op.drop_table("ban")
