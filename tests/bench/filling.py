"""What stands on the measured server: people, groups, posts and one long thread.

All of it is made by the services that make it in life, many rows per unit of work.
"""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.models.account import Account
from app.accounts.services.sign_in import NewSignIn, add_person
from app.core.clock import push_clock, utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind
from app.forum.services.comments import CommentDraft, publish_comment
from app.forum.services.communities import found_community
from app.forum.services.posts import PostDraft, publish_post

PEOPLE = 200
COMMUNITIES = 10
POSTS = 1000
COMMENTS = 500
BULK = 100
PERIOD = timedelta(days=60)
SEED = 20
WORDS = (
    *("toetsen", "leren", "opleiding", "student", "begeleiden", "praktijk", "onderzoek", "school"),
    *("rubric", "feedback", "curriculum", "werkplek", "samenwerken", "vakdidactiek", "ontwerp"),
    *("reflectie", "gesprek", "bronnen", "les", "lerarenopleider"),
)


@dataclass(frozen=True)
class Filling:
    """What the measurements point at."""

    community: str
    author: str
    thread: str
    posts: tuple[str, ...]


class _Calendar:
    """A clock that walks through the last weeks, one step per thing that is made."""

    def __init__(self, steps: int) -> None:
        self._now = utcnow() - PERIOD
        self._step = PERIOD / (steps + 1)

    def __call__(self) -> datetime:
        return self._now

    def move(self) -> None:
        """Go to the moment of the next thing."""
        self._now += self._step


@contextmanager
def _calendar(steps: int) -> Iterator[_Calendar]:
    calendar = _Calendar(steps)
    pop = push_clock(calendar)
    try:
        yield calendar
    finally:
        pop()


def fill() -> Filling:
    """Make everything, inside the application's context; return where to look."""
    chance = random.Random(SEED)  # noqa: S311  the same texts every time
    with _calendar(POSTS + COMMENTS) as calendar:
        with unit_of_work():
            people = [add_person(f"lezer{n}", _sign_in(n), f"Lezer {n}") for n in range(PEOPLE)]
            groups = [
                found_community(f"groep{n}", f"Groep {n}", people[n]) for n in range(COMMUNITIES)
            ]
        posts = _write_posts(calendar, chance, people, groups)
        thread = next(post for post in reversed(posts) if post.community_id == groups[0].id)
        _write_thread(calendar, chance, people, thread)
    return Filling(
        community=groups[0].name,
        author=people[0].name,
        thread=thread.public_id,
        posts=tuple(post.public_id for post in posts),
    )


def _sign_in(number: int) -> NewSignIn:
    return NewSignIn(f"lezer{number}@school.test")


def _batches(count: int) -> Iterable[range]:
    return (range(first, min(first + BULK, count)) for first in range(0, count, BULK))


def _write_posts(
    calendar: _Calendar, chance: random.Random, people: list[Account], groups: list[Community]
) -> list[Post]:
    made: list[Post] = []
    for batch in _batches(POSTS):
        with unit_of_work():
            for number in batch:
                calendar.move()
                draft = PostDraft(
                    title=_sentence(chance, 6),
                    body_source=_text(chance, 3),
                    kind=PostKind.QUESTION if number % 2 else PostKind.DISCUSSION,
                )
                author, place = people[number % PEOPLE], groups[number % COMMUNITIES]
                made.append(publish_post(author, place, draft))
    return made


def _write_thread(
    calendar: _Calendar, chance: random.Random, people: list[Account], thread: Post
) -> None:
    made: list[Comment] = []
    for batch in _batches(COMMENTS):
        with unit_of_work():
            post = session().get_one(Post, thread.id)
            for number in batch:
                calendar.move()
                parent = chance.choice([None, *made[-20:]]) if number % 4 else None
                draft = CommentDraft(body_source=_text(chance, 2))
                made.append(publish_comment(people[number % PEOPLE], post, parent, draft))


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize()


def _text(chance: random.Random, paragraphs: int) -> str:
    return "\n\n".join(_sentence(chance, 30) + "." for _ in range(paragraphs))
