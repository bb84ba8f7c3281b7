"""Werkzeug writes and compiles two functions per URL rule; here once per process, not per test."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def compile_rules_once() -> None:
    """Let applications made after each other share what their equal rules compile to.

    The compiled functions get their rule as an argument and keep nothing. Nine tenths of what it
    costs to make an application for a test is this.
    """
    compile_builder = Rule._compile_builder
    compiled: dict[object, Callable[..., Any]] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_once  # type: ignore[assignment]
