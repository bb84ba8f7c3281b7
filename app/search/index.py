"""Put documents in the index and take them out; called inside the caller's unit of work."""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import Insert, Table, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Base, session
from app.core.visibility import Visibility
from app.search.documents import (
    MAX_TERM_LENGTH,
    Kind,
    SearchDocument,
    SearchSynonym,
)
from app.search.words import list_tokens

DOCUMENTS = Base.metadata.tables["search_document"]
TERMS = Base.metadata.tables["search_term"]
UNIQUE = frozenset(["id", "kind", "key"])
MAX_INDEXED_LENGTH = 50_000
MAX_SHOWN_LENGTH = 5_000
MAX_TITLE_LENGTH = 500
MAX_LANGUAGE_LENGTH = 20
MAX_PHRASE_LENGTH = 200
MIN_COMPOUND_LENGTH = 6


def put_document(document: SearchDocument) -> None:
    """Make `document` findable; one with the same kind and key is replaced.

    Two statements, past the mapper: this runs with every post that comes in.
    """
    title = _storable(document.title, MAX_TITLE_LENGTH)
    detail = _storable(document.detail, MAX_TITLE_LENGTH)
    title_tokens = list_tokens(title)
    text_tokens = list_tokens(document.text[:MAX_INDEXED_LENGTH])
    text_tokens += list_tokens(detail) + list_tokens(document.keywords)
    row = {
        "kind": document.kind.value,
        "key": document.key,
        "visibility": document.visibility.value,
        "community_id": document.community_id,
        "at": document.at,
        "language": document.language[:MAX_LANGUAGE_LENGTH],
        "url": document.url,
        "title": title,
        "detail": detail,
        "text": _storable(document.text, MAX_SHOWN_LENGTH),
        "title_tokens": " ".join(title_tokens),
        "text_tokens": " ".join(text_tokens),
    }
    session().execute(_upsert_document(_engine()), row)
    _put_terms([*title_tokens, *text_tokens])


def remove_document(kind: Kind, key: str) -> None:
    """Make the document unfindable; one that is not there is no error."""
    session().execute(
        delete(DOCUMENTS).where(DOCUMENTS.c.kind == kind.value, DOCUMENTS.c.key == key)
    )


def set_community_visibility(community_id: int, visibility: Visibility) -> None:
    """Let everything of a community be found by whom its new visibility permits."""
    session().execute(
        update(DOCUMENTS)
        .where(DOCUMENTS.c.community_id == community_id)
        .values(visibility=visibility.value)
    )


def put_synonyms(source: str, phrases: Iterable[str], hidden: Iterable[str] = ()) -> None:
    """Let every phrase find what the others find; replaces what `source` said before.

    `hidden` phrases (misprints) are understood like the others, and never shown to a reader.
    """
    remove_synonyms(source)
    seen: set[str] = set()
    for phrase, is_hidden in [*((p, False) for p in phrases), *((p, True) for p in hidden)]:
        tokens = list_tokens(phrase)
        joined = " ".join(tokens)
        if tokens and joined not in seen:
            seen.add(joined)
            session().add(
                SearchSynonym(
                    source=source,
                    phrase=phrase[:MAX_PHRASE_LENGTH],
                    tokens=joined[:300],
                    first_token=tokens[0],
                    is_hidden=is_hidden,
                )
            )
    session().flush()


def remove_synonyms(source: str) -> None:
    """Forget what `source` said means the same."""
    session().execute(delete(SearchSynonym).where(SearchSynonym.source == source))


def _storable(text: str, length: int) -> str:
    """Return `text` without NUL, which PostgreSQL cannot store, and not longer than `length`."""
    return text.replace("\x00", "")[:length]


def _put_terms(tokens: Sequence[str]) -> None:
    """Remember the stems in which another word can hide; sorted, so that writers never deadlock."""
    known = {
        token
        for token in tokens
        if MIN_COMPOUND_LENGTH <= len(token) <= MAX_TERM_LENGTH and not token.isdigit()
    }
    if known:
        rows = [{"term": term} for term in sorted(known)]
        session().execute(_insert(TERMS, _engine()).on_conflict_do_nothing(), rows)


@cache
def _upsert_document(engine: str) -> Insert:
    statement = _insert(DOCUMENTS, engine)
    columns = {c.name: statement.excluded[c.name] for c in DOCUMENTS.c if c.name not in UNIQUE}
    return statement.on_conflict_do_update(index_elements=["kind", "key"], set_=columns)


def _insert(table: Table, engine: str) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if engine == "postgresql" else sqlite.insert(table)


def _engine() -> str:
    return session().get_bind().dialect.name
