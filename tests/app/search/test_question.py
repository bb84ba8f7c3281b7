"""How a question becomes groups, and groups become the query of an engine."""

from app.search.question import FTS5, TSQUERY, Group, group_words, write_query

LOT = ("lot",)
FULL = ("leerwegonafhank", "toetsing")
MEANINGS = {LOT: [LOT, FULL], FULL: [LOT, FULL]}


def test_every_word_is_a_group_when_nothing_is_known():
    groups = group_words(["toets", "vraag"], {})

    assert groups == [Group(("toets",)), Group(("vraag",))]


def test_a_known_phrase_is_one_group_with_what_means_the_same():
    groups = group_words(["leerwegonafhank", "toetsing", "mbo"], MEANINGS)

    assert groups == [Group(FULL, synonyms=(LOT,)), Group(("mbo",))]


def test_the_longest_phrase_wins():
    meanings = {**MEANINGS, ("leerwegonafhank",): [("vrij",)]}

    groups = group_words(["leerwegonafhank", "toetsing"], meanings)

    assert [group.typed for group in groups] == [FULL]


def test_fts5_gets_quoted_stems():
    query = write_query([[LOT, FULL], [("mbo",)]], FTS5)

    assert query == '(("lot") OR ("leerwegonafhank" AND "toetsing")) AND (("mbo"))'


def test_postgresql_gets_quoted_lexemes():
    query = write_query([[LOT, FULL], [("mbo",)]], TSQUERY, needs_all=False)

    assert query == "(('lot') | ('leerwegonafhank' & 'toetsing')) | (('mbo'))"


def test_compounds_count_as_hits_but_not_as_exact():
    group = Group(("opleider",), compounds=("lerarenopleider",))

    assert group.exact == (("opleider",),)
    assert group.stems == {"opleider", "lerarenopleider"}
