"""Answers in one thread become one line of the page, so that a lively thread hides nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from app.notifications.models import Notification, NotificationKind

SHOWN_NAMES = 2


@dataclass(frozen=True)
class Bundle:
    """One line: the notifications it stands for, newest first. All were read, or none."""

    items: tuple[Notification, ...]

    @property
    def newest(self) -> Notification:
        """Say what the line is about, and when."""
        return self.items[0]

    @property
    def oldest(self) -> Notification:
        """Say where to start reading."""
        return self.items[-1]

    @property
    def who(self) -> str:
        """Name the writers: "Anna", "Anna en Bram", "Anna, Bram en anderen"."""
        writers = (one.by.shown_name if one.by else _("Iemand") for one in self.items)
        names = list(dict.fromkeys(writers))
        if len(names) > SHOWN_NAMES:
            names = [*names[:SHOWN_NAMES], _("anderen")]
        return format_list(names, locale=get_locale())


def bundle(items: Iterable[Notification]) -> list[Bundle]:
    """Put answers in the same thread together, read and unread apart; the rest stays by itself."""
    found: dict[tuple[object, ...], list[Notification]] = {}
    for one in items:
        is_answer = one.kind == NotificationKind.ANSWER
        key = (one.post_id, one.read_at is None) if is_answer else (one.id,)
        found.setdefault(key, []).append(one)
    return [Bundle(tuple(together)) for together in found.values()]
