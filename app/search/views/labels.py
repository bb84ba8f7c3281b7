"""What a reader calls the kinds of things that can be found."""

from flask_babel import gettext as _

from app.search.documents import Kind


def kind_counts() -> list[tuple[Kind, str]]:
    """Return the kinds with their plural, for the tabs above the results."""
    return [
        (Kind.POST, _("Gesprekken")),
        (Kind.COMMENT, _("Reacties")),
        (Kind.COMMUNITY, _("Groepen")),
        (Kind.LISTING, _("Gids")),
        (Kind.TOPIC, _("Onderwerpen")),
        (Kind.ENTRY, _("Nieuws")),
        (Kind.PERSON, _("Mensen")),
    ]


def kind_labels() -> dict[Kind, str]:
    """Return the word for one thing of a kind, for a row of the results."""
    return {
        Kind.POST: _("Gesprek"),
        Kind.COMMENT: _("Reactie"),
        Kind.COMMUNITY: _("Groep"),
        Kind.LISTING: _("Gids"),
        Kind.TOPIC: _("Onderwerp"),
        Kind.ENTRY: _("Nieuws"),
        Kind.PERSON: _("Persoon"),
    }
