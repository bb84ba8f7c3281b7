"""Second attempt at a damaged XML feed: give its tags what a strict parser insists on."""

import re

from feeds.formats.xml_source import ItemSpan

# Names that a feed may use without saying what they mean, because everybody knows.
_KNOWN_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss": "http://backend.userland.com/rss",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
}
_SKIPPED_OR_TAG = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|(?P<tag><[A-Za-z_][^<>]*>)", re.DOTALL
)
_UNQUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|=\s*(?P<bare>[^\s\"'<>=/][^\s\"'<>]*?)(?=\s|/?>)")
_PREFIX = re.compile(r"[<\s]([A-Za-z_][\w.-]*):[A-Za-z_]")
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)\s*=")
_ROOT_NAME = re.compile(r"<[\w.:-]+")
_MAX_PREFIXES = 50


def _quote_attributes(tag: str) -> str:
    return _UNQUOTED.sub(
        lambda match: f'="{match["bare"]}"' if match["bare"] is not None else match[0], tag
    )


def repair_tags(text: str) -> str:
    """Quote bare attribute values and declare every prefix the document uses undeclared."""
    used: set[str] = set()
    declared = {"xml", "xmlns"}

    def mend(match: re.Match[str]) -> str:
        tag = match["tag"]
        if not tag:
            return match[0]
        mended = _quote_attributes(tag)
        used.update(_PREFIX.findall(re.sub(r"\"[^\"]*\"|'[^']*'", "", mended)))
        declared.update(_DECLARED.findall(mended))
        return mended

    mended_text = _SKIPPED_OR_TAG.sub(mend, text)
    missing = sorted(used - declared)
    if len(missing) > _MAX_PREFIXES:
        return text
    declarations = "".join(
        f' xmlns:{prefix}="{_KNOWN_NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"'
        for prefix in missing
    )
    return _ROOT_NAME.sub(lambda match: match[0] + declarations, mended_text, count=1)


def keep_items(text: str, items: tuple[ItemSpan, ...], kept: set[int]) -> str:
    """Give the document with only the items whose index is in `kept`, in their order."""
    pieces, place = [], 0
    for index, span in enumerate(items):
        if index in kept:
            continue
        pieces.append(text[place : span.start])
        place = span.end
    pieces.append(text[place:])
    return "".join(pieces)
