"""The whole directory in one of its file formats; the same for the page and the command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.core.addresses import local_uri
from directory.formats.document import DirectoryDocument
from directory.formats.write_csv import write_csv
from directory.formats.write_jsonld import write_jsonld
from directory.formats.write_skos import write_skos
from directory.formats.write_yaml import write_yaml
from directory.queries.document import describe_directory
from directory.queries.news import describe_opml
from feeds.formats.opml import write_opml

SCHEME_PATH: Final = "/onderwerpen"


@dataclass(frozen=True)
class Export:
    """A way to write the directory, and the media type of the result."""

    media_type: str
    write: Callable[[DirectoryDocument], str]


def _skos(document: DirectoryDocument) -> str:
    return write_skos(document, local_uri(SCHEME_PATH))


def _opml(document: DirectoryDocument) -> str:
    title = str(document.meta.get("title", "Gids"))
    return write_opml(describe_opml(title)).decode("utf-8")


EXPORTS: Final[Mapping[str, Export]] = {
    "yaml": Export("application/yaml", write_yaml),
    "csv": Export("text/csv", write_csv),
    "jsonld": Export("application/ld+json", write_jsonld),
    "opml": Export("text/x-opml", _opml),
    "skos": Export("application/ld+json", _skos),
}


def export_directory(name: str) -> str:
    """Return the public directory in format `name`, one of EXPORTS, without unconfirmed people."""
    return EXPORTS[name].write(describe_directory())
