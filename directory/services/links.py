"""The addresses of a listing as rows."""

from directory.formats.document import EntryDocument
from directory.models.link import Link, LinkKind, LinkState


def make_links(entry: EntryDocument) -> list[Link]:
    """Return the addresses of `entry`, and the printed words where an address was lost."""
    links = _website_links(entry)
    if entry.linkedin or entry.linkedin_url:
        links.append(_link(LinkKind.LINKEDIN, entry.linkedin_url, entry.linkedin))
    if entry.join_url:
        links.append(_link(LinkKind.JOIN, entry.join_url))
    if entry.newsletter_url:
        links.append(_link(LinkKind.NEWSLETTER, entry.newsletter_url))
    for position, link in enumerate(links):
        link.position = position
    return links


def _website_links(entry: EntryDocument) -> list[Link]:
    links = []
    if entry.url or entry.link_text or entry.printed_host:
        website = _link(LinkKind.WEBSITE, entry.url, entry.link_text)
        website.printed_host = entry.printed_host
        if entry.url and entry.url_candidate:
            website.state = LinkState.DAMAGED.value
        links.append(website)
    if entry.url_candidate:
        candidate = _link(LinkKind.CANDIDATE, entry.url_candidate)
        candidate.state = LinkState.UNCHECKED.value
        links.append(candidate)
    return links


def _link(kind: LinkKind, url: str | None, printed_text: str = "") -> Link:
    return Link(
        kind=kind.value,
        url=url,
        printed_text=printed_text,
        printed_host="",
        state=LinkState.PRINTED.value,
    )
