"""Every Dutch sentence of the code has its English one."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "app" / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, **parse_keywords(["_l", "lazy_gettext", "lazy_ngettext:1,2"])}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
DUTCH = re.compile(
    r"(?i)\b(de|het|een|niet|geen|je|jij|jouw|wij|deze|dit|voor|naar|wordt|zijn|ook|kun|kies)\b"
)
NAMES = ("Leraren voor morgen", "Professionaliseringsplatform flexibel opleiden")


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source)


def texts(value: object) -> tuple[str, ...]:
    """One text, or those for one and for many."""
    return tuple(value) if isinstance(value, (list, tuple)) else (str(value),)


def sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def ids(catalogue: Catalog) -> set[tuple[str, ...]]:
    return {texts(message.id) for message in sentences(catalogue)}


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_catalogue(FOLDER / "en" / "LC_MESSAGES" / "messages.po")


@pytest.fixture(scope="module")
def said() -> set[tuple[str, ...]]:
    """What the code and the pages say today."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]  # Babel's
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    return {texts(message) for _, _, message, _, _ in found}


def test_the_catalogue_holds_every_sentence_and_no_other(
    english: Catalog, said: set[tuple[str, ...]]
) -> None:
    assert sorted(said - ids(english)) == [], "run ./run.sh translate and add the English"
    assert sorted(ids(english) - said) == [], "run ./run.sh translate"


def test_the_template_is_that_of_the_code(said: set[tuple[str, ...]]) -> None:
    assert ids(read_catalogue(FOLDER / "messages.pot")) == said


def test_no_sentence_is_empty_or_uncertain(english: Catalog) -> None:
    lacking = [m.id for m in sentences(english) if m.fuzzy or not all(texts(m.string))]

    assert lacking == []


def test_every_sentence_has_the_placeholders_of_its_source(english: Catalog) -> None:
    for message in sentences(english):
        wanted = set(PLACEHOLDER.findall(texts(message.id)[-1]))
        for text in texts(message.string)[-1:]:
            assert set(PLACEHOLDER.findall(text)) == wanted, message.id
        for text in texts(message.string):
            assert set(PLACEHOLDER.findall(text)) <= wanted, message.id


def test_sentences_begin_and_end_as_their_source_does(english: Catalog) -> None:
    for message in sentences(english):
        source, text = texts(message.id)[0], texts(message.string)[0]
        ends = (source[-1] in ".?:", text[-1] in ".?:")
        assert ends[0] == ends[1], message.id
        assert text == text.strip(), message.id
        if source[0].isalpha() and text[0].isalpha():
            assert source[0].isupper() == text[0].isupper(), message.id


def test_no_dutch_is_left_in_the_english(english: Catalog) -> None:
    for message in sentences(english):
        for text in texts(message.string):
            for name in NAMES:
                text = text.replace(name, "")
            assert not DUTCH.search(text), text


def test_neither_language_uses_words_of_the_machinery(english: Catalog) -> None:
    machinery = re.compile(r"(?i)\b(instance|federat\w*|activitypub|actor|magazine|upvote|karma)\b")

    for message in sentences(english):
        for text in (*texts(message.id), *texts(message.string)):
            assert not machinery.search(text), text
            assert "!" not in text, text


def test_files_are_the_same_whoever_writes_them(english: Catalog) -> None:
    for path in (FOLDER / "messages.pot", FOLDER / "en" / "LC_MESSAGES" / "messages.po"):
        written = path.read_text(encoding="utf-8")
        assert "\n#: " not in written, "no line numbers: they change with every edit"
        assert "-Date:" not in written
        assert "#~" not in written

    order = [texts(message.id) for message in sentences(english)]
    assert order == sorted(order)


def test_the_catalogue_can_be_compiled(english: Catalog) -> None:
    compiled = io.BytesIO()

    write_mo(compiled, english)

    compiled.seek(0)
    words = Translations(compiled)
    assert words.ugettext("Stel een vraag") == "Ask a question"
    assert words.ungettext("lid", "leden", 2) == "members"
