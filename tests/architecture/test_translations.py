"""Dutch is the source; every sentence has an English translation, and the catalogue is current."""

import ast
import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.architecture.source import ROOT, modules, tree

CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2),
    "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
Sentence = str | tuple[str, ...]


def _sentences() -> set[Sentence]:
    """All sentences of the program, as babel.cfg finds them."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file)
    found: set[Sentence] = set()
    for folder in ("app", "federation", "feeds", "directory"):
        parts = [
            (pattern.removeprefix(f"{folder}/"), method)
            for pattern, method in mapping
            if pattern.startswith(f"{folder}/")
        ]
        chosen = {key.removeprefix(f"{folder}/"): value for key, value in options.items()}
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder, parts, chosen, keywords=KEYWORDS, strip_comment_tags=True
        ):
            found.add(tuple(message) if isinstance(message, list | tuple) else message)
    return found


def _catalogue() -> dict[Sentence, Sentence]:
    with CATALOGUE.open("rb") as file:
        messages = read_po(file, locale="en")
    return {
        tuple(m.id) if isinstance(m.id, list | tuple) else m.id: m.string
        for m in messages
        if m.id and "fuzzy" not in m.flags
    }


def test_every_sentence_has_an_english_translation() -> None:
    known = _catalogue()
    missing = sorted(
        str(sentence)
        for sentence in _sentences()
        if not known.get(sentence)
        or (isinstance(known[sentence], tuple) and not all(known[sentence]))
    )

    assert missing == []


def test_catalogue_holds_nothing_that_nobody_says() -> None:
    assert sorted(map(str, set(_catalogue()) - _sentences())) == []


def test_translations_keep_the_placeholders() -> None:
    changed = {
        str(sentence)
        for sentence, translation in _catalogue().items()
        if _placeholders(sentence) != _placeholders(translation)
    }

    assert changed == set()


def test_sentences_are_written_out() -> None:
    """A computed string cannot be found by the extractor."""
    computed = [
        f"{path}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "_l", "ngettext", "gettext", "lazy_gettext"}
        and not (node.args and isinstance(node.args[0], ast.Constant))
        and Path(str(path)).parts[-2:] != ("core", "i18n.py")
    ]

    assert computed == []


def _placeholders(sentence: Sentence) -> set[str]:
    parts = sentence if isinstance(sentence, tuple) else (sentence,)
    return {name for part in parts for name in PLACEHOLDER.findall(part)} - {"num"}
