"""Choose the newest items of a feed that holds more than we keep, before it is parsed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from feeds.formats.dates import parse_date
from feeds.formats.xml_source import ItemSpan

_DATE = re.compile(
    r"<(?:[\w.-]+:)?(?:pubDate|published|updated|issued|date)(?:\s[^<>]*)?>\s*"
    r"(?:<!\[CDATA\[)?([^<\]]{4,100})",
    re.IGNORECASE,
)
_OLDEST = datetime.min.replace(tzinfo=UTC)


def newest_indices(moments: Sequence[datetime | None], limit: int) -> set[int]:
    """Which `limit` positions are newest; undated ones count as oldest, the first ones first."""
    order = sorted(range(len(moments)), key=lambda index: moments[index] or _OLDEST, reverse=True)
    return set(order[:limit])


def newest_items(text: str, items: Sequence[ItemSpan], limit: int) -> set[int]:
    """Positions of the `limit` newest items, by the first date written in each."""
    found = (_DATE.search(text, item.start, item.end) for item in items)
    return newest_indices([parse_date(match[1]) if match else None for match in found], limit)
