"""Tables of directory."""

import sqlalchemy as sa
from alembic import op

revision = "0004_directory"
down_revision = "0003_feeds"

TABLES = (
    "directory_organisation",
    "directory_source",
    "listing",
    "topic",
    "listing_contact",
    "listing_feed",
    "listing_link",
    "listing_relation",
    "listing_retired_slug",
    "listing_topic",
)


def _make_sources() -> None:
    op.create_table(
        "directory_organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("source_section", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_directory_organisation_name")),
    )
    op.create_table(
        "directory_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("meta", sa.JSON(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_source")),
        sa.UniqueConstraint("name", name=op.f("uq_directory_source_name")),
    )


def _make_listings() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("handle", sa.String(length=30), nullable=False),
        sa.Column("remote_uri", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("joining", sa.JSON(), nullable=False),
        sa.Column("institution", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("terms_in_text", sa.JSON(), nullable=False),
        sa.Column("source_section", sa.Text(), nullable=False),
        sa.Column("also_in", sa.JSON(), nullable=False),
        sa.Column("withheld", sa.JSON(), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("home_host", sa.String(length=255), nullable=True),
        sa.Column("source_name", sa.String(length=60), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=True),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("handle", name=op.f("uq_listing_handle")),
        sa.UniqueConstraint("public_id", name=op.f("uq_listing_public_id")),
        sa.UniqueConstraint("remote_uri", name=op.f("uq_listing_remote_uri")),
        sa.UniqueConstraint("slug", name=op.f("uq_listing_slug")),
    )
    op.create_index("ix_listing_door", "listing", ["category", "sort_key", "id"], unique=False)
    op.create_index(
        "uq_listing_source",
        "listing",
        ["source_id"],
        unique=True,
        sqlite_where=sa.text("home_host IS NULL"),
        postgresql_where=sa.text("home_host IS NULL"),
    )


def _make_topics() -> None:
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("remote_uri", sa.Text(), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("label_printed", sa.String(length=200), nullable=False),
        sa.Column("alt_labels", sa.JSON(), nullable=False),
        sa.Column("broader_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source_sections", sa.JSON(), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["broader_id"], ["topic.id"], name=op.f("fk_topic_broader_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("public_id", name=op.f("uq_topic_public_id")),
        sa.UniqueConstraint("remote_uri", name=op.f("uq_topic_remote_uri")),
        sa.UniqueConstraint("slug", name=op.f("uq_topic_slug")),
    )
    op.create_index(op.f("ix_topic_broader_id"), "topic", ["broader_id"], unique=False)


def _make_parts() -> None:
    op.create_table(
        "listing_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_listing_contact_listing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_contact")),
    )
    op.create_index(
        op.f("ix_listing_contact_listing_id"), "listing_contact", ["listing_id"], unique=False
    )
    op.create_table(
        "listing_feed",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feed.id"], name=op.f("fk_listing_feed_feed_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_listing_feed_listing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listing_id", "feed_id", name=op.f("pk_listing_feed")),
    )
    op.create_index(op.f("ix_listing_feed_feed_id"), "listing_feed", ["feed_id"], unique=False)
    op.create_table(
        "listing_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("printed_text", sa.Text(), nullable=False),
        sa.Column("printed_host", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_listing_link_listing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_link")),
    )
    op.create_index(
        op.f("ix_listing_link_listing_id"), "listing_link", ["listing_id"], unique=False
    )
    op.create_table(
        "listing_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("on_date", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["object_id"],
            ["listing.id"],
            name=op.f("fk_listing_relation_object_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["listing.id"],
            name=op.f("fk_listing_relation_subject_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_relation")),
        sa.UniqueConstraint(
            "subject_id",
            "type",
            "object_id",
            name=op.f("uq_listing_relation_subject_id_type_object_id"),
        ),
    )
    op.create_index(
        op.f("ix_listing_relation_object_id"), "listing_relation", ["object_id"], unique=False
    )
    op.create_table(
        "listing_retired_slug",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_listing_retired_slug_listing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_listing_retired_slug")),
    )
    op.create_index(
        op.f("ix_listing_retired_slug_listing_id"),
        "listing_retired_slug",
        ["listing_id"],
        unique=False,
    )
    op.create_table(
        "listing_topic",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
            name=op.f("fk_listing_topic_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_listing_topic_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "topic_id", name=op.f("pk_listing_topic")),
    )
    op.create_index(op.f("ix_listing_topic_topic_id"), "listing_topic", ["topic_id"], unique=False)


def upgrade() -> None:
    """Make the tables."""
    _make_sources()
    _make_listings()
    _make_topics()
    _make_parts()


def downgrade() -> None:
    """Drop the tables; their indexes go with them."""
    for name in reversed(TABLES):
        op.drop_table(name)
