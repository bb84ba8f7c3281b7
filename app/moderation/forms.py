"""Forms of moderation."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import InputRequired, Length, Optional

REASONS = [
    ("rules", _l("Het past niet bij de huisregels")),
    ("privacy", _l("Er staan persoonsgegevens in")),
    ("spam", _l("Het is reclame")),
    ("other", _l("Iets anders")),
]


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
