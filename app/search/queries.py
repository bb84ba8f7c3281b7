"""Search: words first, then compounds of them, and only what this reader may see.

Both engines rank alike: a document with the words themselves (or a synonym) comes before one with a
compound of them, and a word in the title weighs five times as much as one in the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Row, TextClause, bindparam, select, text

from app.core.columns import UtcDateTime
from app.core.db import session
from app.core.visibility import Visibility
from app.search.documents import Kind, SearchSynonym
from app.search.question import (
    FTS5,
    MAX_QUESTION_LENGTH,
    MAX_WORDS,
    TSQUERY,
    Alternative,
    Group,
    group_words,
    write_query,
)
from app.search.readers import Reader
from app.search.snippets import Part, make_snippet, mark_hits
from app.search.words import list_tokens

PAGE_SIZE: Final = 20
MAX_PAGE: Final = 50
MIN_INSIDE_LENGTH: Final = 4
MAX_COMPOUNDS: Final = 25

_MATCHES: Final = {
    "sqlite": "SELECT rowid AS id FROM search_index WHERE search_index MATCH :words",
    "postgresql": "SELECT id FROM search_index WHERE tokens @@ to_tsquery('simple', :words)",
}
_RANKED_MATCHES: Final = {
    "sqlite": """SELECT rowid AS id, -bm25(search_index, 5.0, 1.0) AS weight
        FROM search_index WHERE search_index MATCH :broad""",
    "postgresql": """SELECT id,
        ts_rank('{0.2, 0.2, 0.2, 1.0}', tokens, to_tsquery('simple', :broad), 1) AS weight
        FROM search_index WHERE tokens @@ to_tsquery('simple', :broad)""",
}


@dataclass(frozen=True)
class Result:
    """One thing that was found; the parts are plain text, for the template to escape."""

    kind: Kind
    key: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]
    detail: str
    url: str
    language: str
    at: datetime | None


@dataclass(frozen=True)
class Results:
    """A page of what was found, and what the question was understood to be.

    `counts` has every kind with a hit, whatever kinds were asked for. `also_searched` are the other
    words for what was typed. `has_words` is False when nothing in the question can be looked for.
    """

    items: tuple[Result, ...] = ()
    counts: dict[Kind, int] | None = None
    page: int = 1
    has_more: bool = False
    has_words: bool = False
    is_cut: bool = False
    is_partial: bool = False
    also_searched: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many documents of all kinds answer the question."""
        return sum((self.counts or {}).values())


@dataclass(frozen=True)
class _Query:
    groups: tuple[Group, ...]
    reader: Reader
    needs_all: bool = True


def search(
    question: str, viewer: Reader, *, kinds: Sequence[Kind] | None = None, page: int = 1
) -> Results:
    """Return page `page` (from 1, at most 50, of 20) of what answers `question` for `viewer`.

    Any text is a question: operators and quotes are ordinary signs, only the first ten words of
    the first 300 characters count. When nothing has all words, what has some of them is returned.
    """
    words = list(dict.fromkeys(list_tokens(question[:MAX_QUESTION_LENGTH])))
    if not words:
        return Results()
    groups, also_searched = _understand(words[:MAX_WORDS])
    query = _Query(tuple(groups), viewer)
    counts = _count_kinds(query)
    if not counts and len(groups) > 1:
        query = replace(query, needs_all=False)
        counts = _count_kinds(query)
    page = max(1, min(page, MAX_PAGE))
    rows = _find_rows(query, kinds, page) if counts else []
    return Results(
        items=tuple(_make_result(row, groups) for row in rows[:PAGE_SIZE]),
        counts=counts,
        page=page,
        has_more=len(rows) > PAGE_SIZE and page < MAX_PAGE,
        has_words=True,
        is_cut=len(question) > MAX_QUESTION_LENGTH or len(words) > MAX_WORDS,
        is_partial=bool(counts) and not query.needs_all,
        also_searched=also_searched,
    )


def _understand(words: Sequence[str]) -> tuple[list[Group], tuple[str, ...]]:
    """Return the groups of the question, and the shown forms of their synonyms."""
    synonyms = _list_synonyms(words)
    meanings: dict[Alternative, list[Alternative]] = {}
    for row in synonyms:
        others = [tuple(o.tokens.split()) for o in synonyms if o.source == row.source]
        meanings.setdefault(tuple(row.tokens.split()), []).extend(others)
    groups = [
        replace(group, compounds=_list_compounds(group)) for group in group_words(words, meanings)
    ]
    wanted = {alternative for group in groups for alternative in group.synonyms}
    shown = (
        row.phrase for row in synonyms if not row.is_hidden and tuple(row.tokens.split()) in wanted
    )
    return groups, tuple(dict.fromkeys(shown))


def _list_synonyms(words: Sequence[str]) -> Sequence[SearchSynonym]:
    sources = select(SearchSynonym.source).where(SearchSynonym.first_token.in_(words))
    return (
        session()
        .scalars(
            select(SearchSynonym)
            .where(SearchSynonym.source.in_(sources))
            .order_by(SearchSynonym.source, SearchSynonym.id)
        )
        .all()
    )


def _list_compounds(group: Group) -> tuple[str, ...]:
    """Return the indexed words in which the typed word hides: "opleider" in "lerarenopleider"."""
    if len(group.typed) > 1 or len(group.typed[0]) < MIN_INSIDE_LENGTH:
        return ()
    typed = group.typed[0]
    found = session().scalars(
        text(
            "SELECT term FROM search_index_term WHERE term LIKE :pattern AND term <> :typed "
            "ORDER BY length(term), term LIMIT :most"
        ),
        {"pattern": f"%{typed}%", "typed": typed, "most": MAX_COMPOUNDS},
    )
    return tuple(found)


def _engine() -> str:
    return session().get_bind().dialect.name


def _visible(reader: Reader) -> tuple[str, dict[str, Any]]:
    """Return the condition that keeps what `reader` may not find out of every list and count."""
    conditions, values = ["d.visibility = :public"], {"public": Visibility.PUBLIC.value}
    if reader.is_local:
        conditions.append("d.visibility = :local")
        values["local"] = Visibility.LOCAL.value
    bound: dict[str, Any] = dict(values)
    if reader.community_ids:
        conditions.append("(d.visibility = :members AND d.community_id IN :communities)")
        bound |= {"members": Visibility.MEMBERS.value, "communities": sorted(reader.community_ids)}
    return "(" + " OR ".join(conditions) + ")", bound


def _statement(sql: str, bound: dict[str, Any]) -> TextClause:
    lists: list[BindParameter[Any]] = [
        bindparam(name, expanding=True) for name in ("communities", "kinds") if name in bound
    ]
    return text(sql).bindparams(*lists)


def _query_texts(query: _Query) -> dict[str, str]:
    dialect = FTS5 if _engine() == "sqlite" else TSQUERY
    needs_all = query.needs_all
    return {
        "broad": write_query([g.broad for g in query.groups], dialect, needs_all=needs_all),
        "exact": write_query([g.exact for g in query.groups], dialect, needs_all=needs_all),
    }


def _count_kinds(query: _Query) -> dict[Kind, int]:
    condition, bound = _visible(query.reader)
    # S608: every piece of the statement is a constant of this module; values are bound.
    sql = (
        f"SELECT d.kind, count(*) AS found FROM ({_MATCHES[_engine()]}) hits "  # noqa: S608
        f"JOIN search_document d ON d.id = hits.id WHERE {condition} GROUP BY d.kind"
    )
    bound["words"] = _query_texts(query)["broad"]
    found = {row.kind: int(row.found) for row in session().execute(_statement(sql, bound), bound)}
    return {kind: found[kind.value] for kind in Kind if kind.value in found}


def _find_rows(query: _Query, kinds: Sequence[Kind] | None, page: int) -> Sequence[Row[Any]]:
    """Rank ids first and read whole documents last: only those of the page."""
    condition, bound = _visible(query.reader)
    if kinds:
        condition += " AND d.kind IN :kinds"
        bound["kinds"] = [kind.value for kind in kinds]
    # S608: every piece of the statement is a constant of this module; values are bound.
    sql = (
        f"WITH exact AS ({_MATCHES[_engine()]}), ranked AS ("  # noqa: S608
        "SELECT hits.id, CASE WHEN exact.id IS NULL THEN 1 ELSE 0 END AS is_broad, hits.weight "
        f"FROM ({_RANKED_MATCHES[_engine()]}) hits JOIN search_document d ON d.id = hits.id "
        f"LEFT JOIN exact ON exact.id = hits.id WHERE {condition} "
        "ORDER BY is_broad, hits.weight DESC, hits.id DESC LIMIT :size OFFSET :skip) "
        "SELECT d.kind, d.key, d.title, d.text, d.detail, d.url, d.language, d.at "
        "FROM ranked JOIN search_document d ON d.id = ranked.id "
        "ORDER BY ranked.is_broad, ranked.weight DESC, ranked.id DESC"
    )
    texts = _query_texts(query)
    bound |= {"words": texts["exact"], "broad": texts["broad"]}
    bound |= {"size": PAGE_SIZE + 1, "skip": (page - 1) * PAGE_SIZE}
    statement = _statement(sql, bound).columns(at=UtcDateTime())
    return session().execute(statement, bound).all()


def _make_result(row: Row[Any], groups: Sequence[Group]) -> Result:
    stems = frozenset(stem for group in groups for stem in group.stems)
    return Result(
        kind=Kind(row.kind),
        key=row.key,
        title=mark_hits(row.title, stems),
        snippet=make_snippet(row.text, stems),
        detail=row.detail,
        url=row.url,
        language=row.language,
        at=row.at,
    )
