"""Forms of moderation."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.forum.forms import ForumForm

REASONS = [
    ("rules", _l("Het past niet bij de huisregels")),
    ("privacy", _l("Er staan persoonsgegevens in")),
    ("spam", _l("Het is reclame")),
    ("other", _l("Iets anders")),
]


REASON_LENGTH = Length(max=1000, message=_l("Maak de reden korter: hooguit 1000 tekens."))


class ReportForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Why somebody reports something."""

    reason = RadioField(
        _l("Wat is er mis?"),
        choices=[SelectChoice(value, label) for value, label in REASONS],
        validators=[InputRequired(_l("Kies wat er mis is."))],
    )
    text = TextAreaField(
        _l("Toelichting"),
        validators=[Optional(), Length(max=2000, message=_l("Gebruik hooguit 2000 tekens."))],
    )
    tells_home = BooleanField(
        _l("Stuur mijn melding ook naar de server van de schrijver"), default=True
    )


class ResolveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What came of a report."""

    outcome = StringField(
        _l("Wat heb je gedaan?"),
        validators=[
            InputRequired(_l("Schrijf kort wat je hebt gedaan.")),
            Length(max=500, message=_l("Gebruik hooguit 500 tekens.")),
        ],
    )


class WarnForm(ForumForm):
    """What is wrong with a text that stays."""

    reason = TextAreaField(
        _l("Wat is er mis?"),
        validators=[DataRequired(_l("Schrijf waarom je waarschuwt.")), REASON_LENGTH],
    )


class BanForm(ForumForm):
    """Why somebody may not take part, for how long, and what happens to the texts."""

    reason = TextAreaField(
        _l("Reden"), validators=[DataRequired(_l("Schrijf waarom je dit doet.")), REASON_LENGTH]
    )
    days = RadioField(
        _l("Hoe lang?"),
        choices=[
            SelectChoice("1", _l("1 dag")),
            SelectChoice("7", _l("7 dagen")),
            SelectChoice("30", _l("30 dagen")),
            SelectChoice("0", _l("Voorgoed")),
        ],
        validators=[InputRequired(_l("Kies hoe lang."))],
    )
    removes_posts = BooleanField(
        _l("Haal ook alles weg wat deze persoon hier schreef"),
        description=_l("Hef je de blokkade op, dan kun je dat weer terugzetten."),
    )


class LiftForm(ForumForm):
    """Why a ban goes, and whether the texts come back."""

    reason = TextAreaField(_l("Reden"), validators=[Optional(), REASON_LENGTH])
    restores_posts = BooleanField(_l("Zet ook terug wat met de blokkade is weggehaald"))


class WhomForm(ForumForm):
    """Whom a moderator looks for."""

    handle = StringField(
        _l("Wie wil je blokkeren?"),
        name="wie",
        description=_l("Bijvoorbeeld anna, of anna@school.example voor iemand van elders."),
    )


class HostForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A decision about a server."""

    host = StringField(
        _l("Server"), validators=[InputRequired(_l("Vul de naam van de server in."))]
    )
    verdict = RadioField(
        _l("Besluit"),
        choices=[
            SelectChoice("blocked", _l("Weigeren")),
            SelectChoice("allowed", _l("Toelaten")),
        ],
        default="blocked",
    )
    reason = StringField(
        _l("Reden"),
        validators=[Optional(), Length(max=500, message=_l("Gebruik hooguit 500 tekens."))],
    )
