"""What each peer can do with what we send, and we with what it sends: 88 behaviours, six peers.

`Y` and `y`: it works (y: by the means that the note tells), and a test proves what people see.
`i`: taken and ignored; `R`: refused; `N`: not there. Then a test proves that it does no harm.
`?`: nobody has looked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

COLUMNS: Final = ("mastodon", "lemmy", "piefed", "mbin", "nodebb", "gotosocial")
SUPPORTED: Final = frozenset("Yy")
HARMLESS: Final = frozenset("iRN")


@dataclass(frozen=True)
class Row:
    """One behaviour. `marks` has one mark per column, `notes` what is particular to a peer."""

    number: int
    title: str
    marks: str
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """One behaviour at one peer."""

    row: Row
    peer: str
    mark: str

    @property
    def name(self) -> str:
        """Return the name of its test."""
        return f"interop/{self.row.number}/{self.peer}"


def _row(number: int, title: str, marks: str, **notes: str) -> Row:
    return Row(number, title, marks.replace(" ", ""), notes)


ROWS: Final = (
    _row(
        1,
        "WebFinger finds our community",
        "Y Y Y Y Y Y",
        mastodon="first link",
        lemmy="last link",
    ),
    _row(2, "a person and a community with one name on their host", "N Y y y ? N"),
    _row(3, "`!name@host` typed by somebody there", "N Y Y y N N"),
    _row(4, "our community is shown as one", "y Y Y Y Y y", mastodon="badge", gotosocial="account"),
    _row(5, "the server's own actor at `/` is read", "N Y Y i i N", piefed="its inbox, the admins"),
    _row(6, "NodeInfo is read", "y Y Y Y y y", lemmy="as sign of life", piefed="for the dialect"),
    _row(7, "we follow their community, they accept", "N Y Y Y Y N"),
    _row(8, "they follow our community, we accept", "Y Y Y Y Y Y"),
    _row(9, "they stop following", "Y Y Y Y Y Y"),
    _row(10, "a Follow is rejected", "Y Y Y y Y Y", mbin="only with the Follow inside"),
    _row(11, "a community follows a community", "N y N N Y N", lemmy="recorded only"),
    _row(12, "they follow a person of ours and get the posts", "Y y Y Y Y Y"),
    _row(
        13,
        "an announced Create of a Page becomes a titled thread",
        "y Y Y Y Y y",
        mastodon="a boost, looked up by the Create's id",
        nodebb="looked up when the hosts differ",
    ),
    _row(14, "an announced id of a Page", "Y R i y Y Y", lemmy="CannotReceivePage", mbin="boost"),
    _row(15, "both forms make two entries", "N N N y N N", mbin="the boost counts as a vote"),
    _row(16, "an Article is a thread", "y Y Y Y Y y"),
    _row(17, "the title of a Page is visible", "Y Y Y Y Y y", gotosocial="as warning"),
    _row(18, "the whole text of a Page is visible", "N Y Y Y Y Y", mastodon="summary and link"),
    _row(19, "a bare Create of a Note", "Y R Y y Y Y", lemmy="unless for its community"),
    _row(20, "their post to our community starts a thread", "Y Y Y Y Y Y"),
    _row(21, "our answer, announced", "i Y Y Y Y i"),
    _row(22, "our answer, bare, to whom it answers", "Y y Y Y Y Y", lemmy="to the community"),
    _row(23, "their answer in our thread", "Y Y Y Y Y Y"),
    _row(24, "what is answered can be fetched, up to the first post", "Y Y Y Y Y Y"),
    _row(25, "our poll is shown with its choices", "Y N Y y y Y"),
    _row(26, "votes in polls", "Y N Y N N Y"),
    _row(27, "our meeting is shown", "y Y Y N N Y"),
    _row(28, "taking part in a meeting", "N N N N N N"),
    _row(29, "pictures", "Y y Y Y Y Y", lemmy="the first is the subject, the rest in the text"),
    _row(30, "descriptions of pictures", "Y y Y Y Y Y"),
    _row(31, "a link makes a link post", "y Y Y Y Y i", mastodon="card"),
    _row(32, "hashtags", "Y y Y Y Y Y"),
    _row(33, "who is mentioned is told", "Y Y Y Y Y Y"),
    _row(34, "language", "Y Y Y y y Y"),
    _row(35, "sensitive", "Y Y Y Y Y Y"),
    _row(36, "the Markdown is used", "N Y Y N Y N"),
    _row(37, "audience", "N Y Y Y Y N", lemmy="must be the community"),
    _row(38, "the list of a thread is walked", "N y Y N Y N"),
    _row(39, "the list of answers is walked", "Y N Y N Y Y"),
    _row(40, "quotes", "Y N Y N i N"),
    _row(41, "our vote reaches the author's counter", "Y Y Y Y Y Y"),
    _row(42, "a vote against", "N Y Y Y Y N"),
    _row(43, "reactions", "i i Y i i i"),
    _row(44, "announced votes count", "i Y Y Y y i", piefed="many at once", nodebb="Like only"),
    _row(45, "a vote is taken back", "Y Y Y Y Y Y"),
    _row(46, "the author's own Update", "Y y Y Y Y Y"),
    _row(47, "an announced Update", "i Y Y Y Y i", nodebb="looked up"),
    _row(48, "a moderator's edit of tags and sensitivity", "N Y ? N N N"),
    _row(49, "the author's own Delete", "Y Y Y Y Y Y", mastodon="burns the id"),
    _row(50, "an announced Delete of the author", "i Y Y Y Y i"),
    _row(51, "a moderator's Delete with a reason", "N Y Y Y y N", mastodon="Undo of the boost"),
    _row(52, "the boost is taken back", "Y N i y y Y"),
    _row(53, "a removed post is restored", "N Y Y N y N", mbin="by an Update"),
    _row(54, "Lock and its Undo", "N Y Y Y i i"),
    _row(55, "posts are pinned and unpinned", "N Y Y Y i N"),
    _row(56, "moderators come and go", "N Y Y Y i N"),
    _row(57, "a ban from the community", "N Y Y Y i ?", mastodon="must never get it"),
    _row(58, "a ban from the server", "N Y Y Y i N"),
    _row(59, "our report reaches moderators", "Y Y Y Y Y Y", mastodon="names an account"),
    _row(60, "their report is read", "Y Y Y Y Y Y", mastodon="by the server"),
    _row(61, "an announced report", "N Y y N N N"),
    _row(62, "Resolve and Warn", "N Y N N N N"),
    _row(63, "private messages", "Y Y Y Y Y Y"),
    _row(64, "somebody moves", "Y N N N N Y"),
    _row(65, "a thread moves", "N N Y N Y N"),
    _row(66, "somebody leaves for good", "Y Y Y Y Y Y"),
    _row(67, "a profile changes", "Y Y Y Y Y Y"),
    _row(68, "signatures of draft-cavage", "Y Y y y Y Y", piefed="exact text", mbin="exact text"),
    _row(69, "RFC 9421 to them", "Y N N N R N"),
    _row(70, "RFC 9421 to us", "y N N N N N"),
    _row(71, "GET without a signature", "y Y Y Y Y N", gotosocial="signs always"),
    _row(72, "linked data signatures", "Y N Y N N N"),
    _row(73, "proofs of FEP-8b32", "Y N N N N N"),
    _row(74, "followers are compared (FEP-8fcf)", "Y N N N N N"),
    _row(75, "the shared inbox", "Y Y Y Y Y Y"),
    _row(76, "our outbox fills their page", "N Y Y N N N"),
    _row(77, "our pinned posts are read", "N Y Y Y N N"),
    _row(78, "our moderators are shown", "N Y Y Y N N"),
    _row(79, "counters", "y y Y Y N N"),
    _row(80, "communities for members only", "N Y N N N N"),
    _row(81, "emoji of their own", "Y N N N Y Y"),
    _row(82, "feeds of several communities", "N Y Y N N N"),
    _row(83, "relays", "Y N N N Y N"),
    _row(84, "closed for answers by commentsEnabled", "N N Y Y N N"),
    _row(85, "they try again after we were away", "Y Y N y y Y"),
    _row(86, "the author's name on a link card", "Y N N N N N"),
    _row(87, "the webfinger member", "Y N N N N N"),
    _row(88, "interactionPolicy", "y N y N Y Y"),
)


def cells() -> Iterator[Cell]:
    """Yield every cell."""
    for row in ROWS:
        for peer, mark in zip(COLUMNS, row.marks, strict=True):
            yield Cell(row, peer, mark)
