"""Tables of feeds."""

revision = "0003_feeds"
down_revision = "0002_search"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
