"""Which words of a text are tags."""

import pytest
from flask.ctx import AppContext

from app.core.markdown import render_markdown
from federation.outbound.hashtags import MOST_HASHTAGS, list_hashtags
from federation.vocab.outgoing_parts import Hashtag


def names(markdown: str) -> list[str]:
    html = render_markdown(markdown, mentions=lambda _: None).html
    return [one.name for one in list_hashtags(html)]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Wie weet iets van #toetsing?", ["toetsing"]),
        ("#Toetsing en #toetsing en #TOETSING", ["Toetsing"]),
        ("(#begeleiden), #één-twee #a_b.", ["begeleiden", "één", "a_b"]),
        ("**#vet** en\n\n- #lijst", ["vet", "lijst"]),
        ("#2026 #1 maar #pabo2", ["pabo2"]),
        ("# Kop\n\nC# en a#b en ## niets", []),
        ("`#include` en\n\n```\n#define\n```", []),
        ("Zie https://voorbeeld.test/x#deel en [#hier](https://voorbeeld.test/)", []),
        ("geen enkele", []),
    ],
)
def test_a_word_behind_a_hash_is_a_tag_in_running_text_alone(
    ctx: AppContext, markdown: str, expected: list[str]
) -> None:
    assert names(markdown) == expected


def test_a_tag_leads_to_what_is_found_here(ctx: AppContext) -> None:
    assert list_hashtags("<p>#één</p>") == (
        Hashtag("één", "http://ons.test/zoeken?q=%C3%A9%C3%A9n"),
    )


def test_there_are_twenty_at_most_and_none_is_endless(ctx: AppContext) -> None:
    many = " ".join(f"#woord{number}" for number in range(30))

    assert len(names(many)) == MOST_HASHTAGS
    assert names("#" + "a" * 101) == []
