"""Tables of search, and the full-text index that each database makes in its own way."""

import sqlalchemy as sa
from alembic import op

revision = "0002_search"
down_revision = "0001_foundation"

SQLITE_UP = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        title_tokens, text_tokens, content='search_document', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN
        INSERT INTO search_index(rowid, title_tokens, text_tokens)
        VALUES (new.id, new.title_tokens, new.text_tokens); END""",
    """CREATE TRIGGER search_document_gone AFTER DELETE ON search_document BEGIN
        INSERT INTO search_index(search_index, rowid, title_tokens, text_tokens)
        VALUES ('delete', old.id, old.title_tokens, old.text_tokens); END""",
    """CREATE TRIGGER search_document_changed
        AFTER UPDATE OF title_tokens, text_tokens ON search_document BEGIN
        INSERT INTO search_index(search_index, rowid, title_tokens, text_tokens)
        VALUES ('delete', old.id, old.title_tokens, old.text_tokens);
        INSERT INTO search_index(rowid, title_tokens, text_tokens)
        VALUES (new.id, new.title_tokens, new.text_tokens); END""",
    """CREATE VIRTUAL TABLE search_index_term USING fts5(
        term, content='search_term', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER search_term_added AFTER INSERT ON search_term BEGIN
        INSERT INTO search_index_term(rowid, term) VALUES (new.id, new.term); END""",
)
POSTGRES_UP = (
    """CREATE TABLE search_index (
        id integer PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,
        tokens tsvector NOT NULL)""",
    "CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)",
    """CREATE FUNCTION search_index_put() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO search_index (id, tokens) VALUES (new.id,
            setweight(to_tsvector('simple', new.title_tokens), 'A')
            || setweight(to_tsvector('simple', new.text_tokens), 'D'))
        ON CONFLICT (id) DO UPDATE SET tokens = excluded.tokens;
        RETURN new; END $$""",
    """CREATE TRIGGER search_document_put
        AFTER INSERT OR UPDATE OF title_tokens, text_tokens ON search_document
        FOR EACH ROW EXECUTE FUNCTION search_index_put()""",
    "CREATE TABLE search_index_term (term varchar(60) PRIMARY KEY)",
    """CREATE FUNCTION search_index_term_put() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO search_index_term (term) VALUES (new.term) ON CONFLICT DO NOTHING;
        RETURN new; END $$""",
    """CREATE TRIGGER search_term_put AFTER INSERT ON search_term
        FOR EACH ROW EXECUTE FUNCTION search_index_term_put()""",
)
HAS_TRIGRAMS = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"


def _make_tables() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title_tokens", sa.Text(), nullable=False),
        sa.Column("text_tokens", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_search_document_kind_key")),
    )
    op.create_index("ix_search_document_community", "search_document", ["community_id"])
    op.create_table(
        "search_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_term")),
        sa.UniqueConstraint("term", name=op.f("uq_search_term_term")),
    )
    op.create_table(
        "search_synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("tokens", sa.String(length=300), nullable=False),
        sa.Column("first_token", sa.String(length=60), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonym")),
        sa.UniqueConstraint("source", "tokens", name=op.f("uq_search_synonym_source_tokens")),
    )
    op.create_index(op.f("ix_search_synonym_source"), "search_synonym", ["source"])
    op.create_index(op.f("ix_search_synonym_first_token"), "search_synonym", ["first_token"])


def upgrade() -> None:
    """Make the tables, and the index with its triggers."""
    _make_tables()
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_UP:
            op.execute(statement)
        return
    for statement in POSTGRES_UP:
        op.execute(statement)
    if op.get_bind().execute(sa.text(HAS_TRIGRAMS)).first():
        # Trusted since PostgreSQL 13: the owner of the database may do this.
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute(
            "CREATE INDEX ix_search_index_term_trigrams ON search_index_term "
            "USING gin (term gin_trgm_ops)"
        )


def downgrade() -> None:
    """Drop the index, then the tables; triggers go with their table, the extension stays."""
    op.execute("DROP TABLE search_index")
    op.execute("DROP TABLE search_index_term")
    op.drop_table("search_synonym")
    op.drop_table("search_term")
    op.drop_table("search_document")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION search_index_put()")
        op.execute("DROP FUNCTION search_index_term_put()")
