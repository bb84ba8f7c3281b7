"""Bound how deep HTML may nest, before anything recursive reads it."""

import re

from feeds.formats import limits

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
) | frozenset({"param", "source", "track", "wbr"})
# An open one of these is closed by the next of its kind (HTML section 13.1.2.4).
_SELF_CLOSING = frozenset(["dd", "dt", "li", "option", "p", "td", "th", "tr"])
_LOOK_BACK = 64


class _DepthGuard:
    """Walks the tags of one text and drops those deeper than the limit; their text stays."""

    def __init__(self, deepest: int) -> None:
        self.deepest = deepest
        self.stack: list[str] = []

    def __call__(self, match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in _VOID:
            return match[0]
        return self._close(name, match[0]) if match[1] else self._open(name, match[0])

    def _open(self, name: str, tag: str) -> str:
        if name in _SELF_CLOSING and self.stack and self.stack[-1] == name:
            self.stack.pop()
        self.stack.append(name)
        return tag if len(self.stack) <= self.deepest else ""

    def _close(self, name: str, tag: str) -> str:
        for distance, opened in enumerate(reversed(self.stack[-_LOOK_BACK:]), 1):
            if opened == name:
                kept = len(self.stack) - distance < self.deepest
                del self.stack[-distance:]
                return tag if kept else ""
        return tag if len(self.stack) <= self.deepest else ""


def bound_depth(value: str, deepest: int = limits.HTML_DEPTH) -> str:
    """Give the same HTML with at most `deepest` elements open at a time; linear in its length."""
    if value.count("<") <= deepest:
        return value
    return _TAG.sub(_DepthGuard(deepest), value)
