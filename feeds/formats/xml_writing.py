"""Build XML documents whose bytes depend on their content alone.

Elements carry literal prefixed names (`dc:creator`); the namespaces are attributes of the root.
ElementTree keeps the order in which things are added, so equal documents give equal bytes.
"""

from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from feeds.formats.plain_text import drop_controls

EPOCH = datetime.fromtimestamp(0, UTC)


def new_root(name: str, attributes: dict[str, str | None]) -> Element:
    """Make a root element; attributes that are None are left out."""
    return Element(name, _present(attributes))


def add_element(
    parent: Element, name: str, text: str | None = None, /, **attributes: str | None
) -> Element:
    """Append an element; `xml_lang` stands for xml:lang, None leaves an attribute out."""
    named = {key.replace("xml_", "xml:"): value for key, value in attributes.items()}
    element = SubElement(parent, name, _present(named))
    element.text = drop_controls(text).replace("\r\n", "\n").replace("\r", "\n") if text else None
    return element


def add_text(parent: Element, name: str, text: str | None) -> None:
    """Append an element with a text, or nothing when there is no text."""
    if text:
        add_element(parent, name, text)


def _present(attributes: dict[str, str | None]) -> dict[str, str]:
    return {name: drop_controls(value) for name, value in attributes.items() if value is not None}


def to_bytes(root: Element) -> bytes:
    """Serialise as UTF-8 with a declaration, indented, ending in a line end."""
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def rfc3339(moment: datetime) -> str:
    """Write a time as Atom and JSON Feed want it: UTC, seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc822(moment: datetime) -> str:
    """Write a time as RSS 2.0 wants it, in GMT."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)
