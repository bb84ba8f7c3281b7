"""The forms of accounts: ours, and Flask-Security's with what we ask in addition."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_security.forms import LoginForm as BaseLoginForm
from flask_security.forms import RegisterFormV2
from flask_security.forms import VerifyForm as BaseVerifyForm
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, Length, ValidationError

from app.accounts.email_address import normalize_email
from app.accounts.paths import safe_path
from app.accounts.services.admission import check_admission
from app.accounts.services.profiles import MAX_BIO, MAX_LINE
from app.accounts.services.registration import check_handle
from app.core.errors import InvalidInputError

MAX_CODE = 100
MAX_EXPERTISE = 1000


def add_error(field: Field, text: str) -> None:
    """Put an error on a field after its own validation."""
    field.errors = [*field.errors, text]


class LoginForm(BaseLoginForm):
    """Sign in; says that an address waits for confirmation only after the right password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = safe_path(self.next.data) or ""

    def validate(self, **kwargs: Any) -> bool:
        """Move what only the owner of the password may read out of the generic answer's way."""
        if super().validate(**kwargs):
            return True
        if self.user_authenticated and self.ifield is not None:
            self.form_errors.extend(self.ifield.errors)
            self.ifield.errors = []
        return False


class VerifyForm(BaseVerifyForm):
    """Give the password once more before something that cannot be undone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = safe_path(self.next.data) or ""


class RegisterForm(RegisterFormV2):
    """Make an account: a name here, and what lets this person in."""

    name = StringField(
        _l("Naam op deze server"),
        description=_l("Kleine letters, cijfers en lage streepjes. Dit wordt je adres: @naam."),
        validators=[DataRequired(_l("Kies een naam.")), Length(max=MAX_LINE)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    display_name = StringField(
        _l("Je naam"),
        description=_l("Zoals collega's je kennen."),
        validators=[DataRequired(_l("Vul je naam in.")), Length(max=MAX_LINE)],
        render_kw={"autocomplete": "name"},
    )
    code = StringField(
        _l("Uitnodiging"),
        description=_l(
            "De code uit je uitnodiging. Niet nodig met een adres van een aangesloten organisatie."
        ),
        validators=[Length(max=MAX_CODE)],
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = safe_path(self.next.data) or ""
        if request.method == "GET":  # an invitation leads here
            self.code.data = request.args.get("code", "")[:MAX_CODE]
            self.email.data = request.args.get("email", "")[:MAX_LINE]

    def validate(self, **kwargs: Any) -> bool:
        """Check the name and the admission too, so that all errors show at once."""
        is_valid = super().validate(**kwargs)
        if not self.name.errors:
            is_valid = self._fits(self.name, check_handle, str(self.name.data)) and is_valid
        # An address that is known already takes the same way, so that the answer does not differ.
        if not self.email.errors or self.existing_email_user is not None:
            code = self.code.data or ""
            is_valid = (
                self._fits(self.code, check_admission, str(self.email.data), code) and is_valid
            )
        return is_valid

    @staticmethod
    def _fits(field: Field, check: Callable[..., object], *values: str) -> bool:
        try:
            check(*values)
        except InvalidInputError as error:
            add_error(field, error.text)
            return False
        return True


class ProfileForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What others see of you."""

    display_name = StringField(
        _l("Je naam"),
        validators=[DataRequired(_l("Vul je naam in.")), Length(max=MAX_LINE)],
        render_kw={"autocomplete": "name"},
    )
    role_title = StringField(
        _l("Rol"),
        description=_l("Bijvoorbeeld: schoolopleider, lector, instituutsopleider."),
        validators=[Length(max=MAX_LINE)],
        render_kw={"autocomplete": "organization-title"},
    )
    organisation = StringField(
        _l("Organisatie"),
        validators=[Length(max=MAX_LINE)],
        render_kw={"autocomplete": "organization"},
    )
    expertise = StringField(
        _l("Expertise"),
        description=_l("Woorden waarop collega's je vinden, met komma's ertussen."),
        validators=[Length(max=MAX_EXPERTISE)],
    )
    bio_source = TextAreaField(_l("Over jou"), validators=[Length(max=MAX_BIO)])
    is_discoverable = BooleanField(_l("Laat mij zien in de lijst met mensen"))


class LookForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Language and colours."""

    language = RadioField(
        _l("Taal"), choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")]
    )
    theme = RadioField(
        _l("Kleuren"),
        choices=[
            SelectChoice("auto", _l("Automatisch")),
            SelectChoice("light", _l("Licht")),
            SelectChoice("dark", _l("Donker")),
        ],
    )


class DeleteAccountForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Leave for good: the own name typed in full, and the password."""

    confirmation = StringField(
        _l("Typ je naam op deze server"),
        validators=[DataRequired(_l("Typ je naam om te bevestigen."))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Wachtwoord"),
        validators=[DataRequired(_l("Vul je wachtwoord in."))],
        render_kw={"autocomplete": "current-password"},
    )


class InvitationForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Invite somebody; without an address the code can be given to anybody."""

    email = StringField(
        _l("E-mailadres"),
        description=_l("Laat leeg voor een code die je zelf doorgeeft."),
        validators=[Length(max=MAX_LINE)],
        render_kw={"type": "email", "autocomplete": "off"},
    )

    def validate_email(self, field: Field) -> None:
        """Check the form of the address, when there is one."""
        if not (field.data or "").strip():
            field.data = ""
            return
        try:
            field.data = normalize_email(field.data)
        except InvalidInputError as error:
            raise ValidationError(error.text) from error


class DomainForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Admit everybody of an organisation."""

    domain = StringField(
        _l("Domein"),
        description=_l("Alleen adressen van precies dit domein, bijvoorbeeld hogeschool.nl."),
        validators=[DataRequired(_l("Vul een domein in, zoals hogeschool.nl.")), Length(max=253)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
