"""To whom something is addressed: the same for what is said and what is done. Pure."""

from federation.vocab.terms import PUBLIC


class Addressed:
    """Parent of documents with `to` and `cc` (ActivityPub section 6)."""

    __slots__ = ()

    to: tuple[str, ...]
    cc: tuple[str, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everyone in `to` and `cc`, in that order, each once."""
        return tuple(dict.fromkeys(self.to + self.cc))

    @property
    def is_public(self) -> bool:
        """Whether it is for everyone, listed or unlisted."""
        return PUBLIC in self.to or PUBLIC in self.cc
