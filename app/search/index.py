"""Put documents in the index and take them out; called inside the caller's unit of work."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Insert, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import session
from app.core.visibility import Visibility
from app.search.documents import (
    MAX_TERM_LENGTH,
    IndexedDocument,
    Kind,
    SearchDocument,
    SearchSynonym,
    SearchTerm,
)
from app.search.words import list_tokens

MAX_INDEXED_LENGTH = 50_000
MAX_SHOWN_LENGTH = 5_000
MAX_TITLE_LENGTH = 500
MAX_PHRASE_LENGTH = 200
MIN_COMPOUND_LENGTH = 6


def put_document(document: SearchDocument) -> None:
    """Make `document` findable; one with the same kind and key is replaced."""
    row = _find(document.kind, document.key)
    if row is None:
        row = IndexedDocument(kind=document.kind.value, key=document.key)
        session().add(row)
    row.title = _storable(document.title, MAX_TITLE_LENGTH)
    row.text = _storable(document.text, MAX_SHOWN_LENGTH)
    row.detail = _storable(document.detail, MAX_TITLE_LENGTH)
    row.url, row.language, row.at = document.url, document.language[:20], document.at
    row.visibility, row.community_id = document.visibility.value, document.community_id
    title_tokens = list_tokens(row.title)
    text_tokens = list_tokens(document.text[:MAX_INDEXED_LENGTH])
    text_tokens += list_tokens(document.detail) + list_tokens(document.keywords)
    row.title_tokens, row.text_tokens = " ".join(title_tokens), " ".join(text_tokens)
    session().flush()
    _put_terms([*title_tokens, *text_tokens])


def remove_document(kind: Kind, key: str) -> None:
    """Make the document unfindable; one that is not there is no error."""
    row = _find(kind, key)
    if row is not None:
        session().delete(row)
        session().flush()


def set_community_visibility(community_id: int, visibility: Visibility) -> None:
    """Let everything of a community be found by whom its new visibility permits."""
    session().execute(
        update(IndexedDocument)
        .where(IndexedDocument.community_id == community_id)
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


def _find(kind: Kind, key: str) -> IndexedDocument | None:
    statement = select(IndexedDocument).filter_by(kind=kind.value, key=key)
    return session().scalars(statement).one_or_none()


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
        session().execute(_insert_unless_known(), rows)


def _insert_unless_known() -> Insert:
    if session().get_bind().dialect.name == "postgresql":
        return postgresql.insert(SearchTerm).on_conflict_do_nothing()
    return sqlite.insert(SearchTerm).on_conflict_do_nothing()
