"""Which pages are opened, as who. A path that starts with a colon is one of the town's."""

import re
from dataclasses import dataclass

from tests.support.town import LISTING, Town


@dataclass(frozen=True)
class Sheet:
    """A page to open: its path, who opens it, the status it answers."""

    path: str
    name: str = ""
    status: int = 200
    has_dutch_names: bool = False

    def __str__(self) -> str:
        return f"{self.name or 'anyone'}{self.path}"

    def path_in(self, town: Town) -> str:
        """Return the path, with the town's own filled in."""
        if not self.path.startswith(":"):
            return self.path
        key = re.match(r":(\w+)", self.path)
        assert key is not None
        return str(getattr(town, key[1])) + self.path[key.end() :]


DIRECTORY = [
    Sheet(path, has_dutch_names=True)
    for path in (
        "/",
        "/netwerken",
        "/regio",
        "/onderzoek",
        "/bronnen",
        "/scholing",
        f"/gids/{LISTING}",
        "/onderwerp/toetsing",
        "/onderwerpen",
        "/matrix",
        "/nieuws",
        "/nieuws/bronnen",
        ":feed",
        "/zoeken?q=toetsing",
        "/zoeken?q=assessment",
        "/over",
    )
]
ANYONE = [
    Sheet(path)
    for path in (
        "/forum",
        "/forum?soort=alles",
        "/c/assessment",
        "/c/elsewhere@elders.test",
        ":question",
        ":question?weergave=plat",
        ":link",
        ":long",
        "/mensen",
        "/u/bram",
        "/u/guest@elders.test",
        "/zoeken",
        "/zoeken?q=xyzzyq",
        "/inloggen",
        "/registreren",
        "/modlog",
        "/status",
        "/huisregels",
        "/privacy",
        "/toegankelijkheid",
        "/help",
        ":moved",
        ":from_home",
    )
]
ERRORS = [Sheet("/bestaat-niet", status=404), Sheet(":gone", status=200)]
MEMBER = [
    Sheet(path, "bram")
    for path in (
        ":question",
        ":question/bewerken",
        ":question/verwijderen",
        ":answer/antwoord",
        "/nieuw",
        "/c/assessment",
        ":report",
        "/meldingen",
        "/instellingen",
        "/instellingen/gegevens",
        "/instellingen/verwijderen",
        "/instellingen/verhuizen",
        "/c/assessment/verhuizen",
        "/instellingen/wachtwoord",
        "/instellingen/e-mail",
        ":waiting",
        ":refused",
        ":searching",
        ":not_found",
        ":intent",
    )
]
ADMIN = [
    # Reports are shown in the words of who made them, in whatever language.
    Sheet(path, "anna", has_dutch_names=path.startswith("/moderatie"))
    for path in (
        ":question",
        ":answer/weghalen",
        "/c/assessment/beheer",
        "/forum/nieuwe-groep",
        "/moderatie",
        "/moderatie?stand=afgehandeld",
        ":warning",
        ":ban",
        ":lift",
        ":question/sluiten",
        "/c/assessment/blokkades",
        "/beheer/blokkades",
        "/u/bram",
        "/beheer/mensen",
        "/beheer/uitnodigingen",
        "/beheer/mails",
        "/beheer/servers",
        "/beheer/bezorging",
        "/beheer/bezorging/elders.test",
    )
]
BANNED = [Sheet(path, "dirk") for path in (":question", "/c/assessment/nieuw", "/meldingen")]
KEEPER = [
    Sheet(path, "anna", has_dutch_names=True) for path in (":feed", f"/gids/{LISTING}/bewerken")
]
ALL = [*DIRECTORY, *ANYONE, *ERRORS, *MEMBER, *ADMIN, *BANNED, *KEEPER]
