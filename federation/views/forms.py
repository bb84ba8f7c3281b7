"""The forms of this package. Views check the token, or where the form came from."""

from flask_babel import LazyString
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


def _address(label: LazyString, hint: LazyString, *, missing: LazyString) -> StringField:
    return StringField(
        label,
        description=hint,
        validators=[
            DataRequired(missing),
            Length(max=MAX_LENGTH, message=_l("Dit is te lang voor een adres.")),
        ],
        render_kw=PLAIN,
    )


class HomeServerForm(PlainForm):
    """Where somebody has an account."""

    server = _address(
        _l("Je adres of je server"),
        _l("Bijvoorbeeld @ik@mijn.server of mijn.server"),
        missing=_l("Vul je adres of je server in."),
    )


class SuccessorForm(PlainForm):
    """The account or community where one goes on."""

    address = _address(
        _l("Nieuw adres"),
        _l("Bijvoorbeeld @ik@andere.server of het webadres."),
        missing=_l("Vul een adres in."),
    )


class AliasForm(PlainForm):
    """Another account or community of the same people."""

    address = _address(
        _l("Eerder of ander adres"),
        _l("Bijvoorbeeld @ik@andere.server of het webadres."),
        missing=_l("Vul een adres in."),
    )
