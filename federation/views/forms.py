"""The forms of this package. Views check the token, or where the form came from."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from federation.discovery.handles import MAX_LENGTH

PLAIN = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class PlainForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Parent of the forms."""

    class Meta:
        """Settings of WTForms: the views check the token themselves."""

        csrf = False


class HomeServerForm(PlainForm):
    """Where somebody has an account."""

    server = StringField(
        _l("Je adres of je server"),
        description=_l("Bijvoorbeeld @ik@mijn.server of mijn.server"),
        validators=[
            DataRequired(_l("Vul je adres of je server in.")),
            Length(max=MAX_LENGTH, message=_l("Dit is te lang voor een adres.")),
        ],
        render_kw=PLAIN,
    )


class SuccessorForm(PlainForm):
    """The account or community where one goes on."""

    address = StringField(
        _l("Nieuw adres"),
        description=_l("Bijvoorbeeld @ik@andere.server of het webadres."),
        validators=[
            DataRequired(_l("Vul een adres in.")),
            Length(max=MAX_LENGTH, message=_l("Dit is te lang voor een adres.")),
        ],
        render_kw=PLAIN,
    )


class AliasForm(PlainForm):
    """Another account or community of the same people."""

    address = StringField(
        _l("Eerder of ander adres"),
        description=_l("Bijvoorbeeld @ik@andere.server of het webadres."),
        validators=[
            DataRequired(_l("Vul een adres in.")),
            Length(max=MAX_LENGTH, message=_l("Dit is te lang voor een adres.")),
        ],
        render_kw=PLAIN,
    )
