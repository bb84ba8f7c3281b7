"""The forum's forms. The token is checked for all forms at once (app.core.csrf)."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, Length, Optional

from app.core.errors import InvalidInputError
from app.forum.models.community import Community
from app.forum.models.post import PostKind

LANGUAGES = [
    SelectChoice("nl", "Nederlands"),
    SelectChoice("en", "English"),
    SelectChoice("de", "Deutsch"),
    SelectChoice("fr", "Français"),
]
MAX_TITLE = 300
MAX_BODY = 50_000
TOO_LONG = _("Maak je tekst korter: hooguit 50.000 tekens.")


class ForumForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Parent of the forms: shows an error of a service beside the field it names."""

    class Meta:
        """Settings of WTForms: the token is checked before any view is called."""

        csrf = False

    def blame(self, error: InvalidInputError) -> None:
        """Show `error` at its field, or on top of the form when it names another."""
        field = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(error.text)
        else:
            field.errors = [*field.errors, error.text]


class PostForm(ForumForm):
    """What starts a thread."""

    kind = RadioField(
        _("Wat wil je doen?"),
        choices=[
            SelectChoice(PostKind.QUESTION.value, _("Een vraag stellen")),
            SelectChoice(PostKind.DISCUSSION.value, _("Een gesprek beginnen")),
            SelectChoice(PostKind.LINK.value, _("Een link delen")),
        ],
        default=PostKind.QUESTION.value,
        validators=[DataRequired(_("Kies wat je wilt doen."))],
    )
    community = SelectField(
        _("Groep"), validators=[DataRequired(_("Kies een groep."))], validate_choice=False
    )
    title = StringField(
        _("Titel"),
        validators=[
            DataRequired(_("Schrijf een titel.")),
            Length(max=MAX_TITLE, message=_("Maak de titel korter: hooguit 300 tekens.")),
        ],
    )
    link_url = URLField(_("Link"), validators=[Optional()])
    body = TextAreaField(
        _("Je tekst"),
        validators=[
            Length(max=MAX_BODY, message=_("Maak je tekst korter: hooguit 50.000 tekens."))
        ],
    )
    language = SelectField(_("Taal van je tekst"), choices=LANGUAGES, default="nl")

    def offer(self, communities: list[Community]) -> None:
        """Let the writer choose among these communities."""
        self.community.choices = [SelectChoice(one.page_name, one.title) for one in communities]


class CommentForm(ForumForm):
    """An answer."""

    body = TextAreaField(
        _("Je antwoord"),
        validators=[
            DataRequired(_("Schrijf eerst iets.")),
            Length(max=MAX_BODY, message=TOO_LONG),
        ],
    )
    language = HiddenField(default="nl")


class ReasonForm(ForumForm):
    """Why a moderator takes something away or closes it; everyone can read it."""

    reason = TextAreaField(
        _("Reden"),
        validators=[
            DataRequired(_("Schrijf waarom je dit doet.")),
            Length(max=1000, message=_("Maak de reden korter: hooguit 1000 tekens.")),
        ],
    )


class MotiveForm(ForumForm):
    """Why a moderator pins, closes or brings back something; it may stay unsaid."""

    reason = TextAreaField(_("Reden"), validators=[Optional()])


class CommunityForm(ForumForm):
    """What a community says about itself."""

    title = StringField(
        _("Naam van de groep"),
        validators=[
            DataRequired(_("Geef de groep een naam.")),
            Length(max=200, message=_("Maak de naam korter: hooguit 200 tekens.")),
        ],
    )
    description = TextAreaField(
        _("Beschrijving en huisregels"),
        description=_("Voor wie is de groep, waar gaat het over, en hoe ga je met elkaar om?"),
        validators=[
            Length(max=10_000, message=_("Maak de beschrijving korter: hooguit 10.000 tekens."))
        ],
    )
    language = SelectField(_("Taal"), choices=LANGUAGES, default="nl")
    is_posting_restricted = BooleanField(_("Alleen moderators beginnen gesprekken"))
    requires_membership = BooleanField(_("Alleen leden beginnen gesprekken en reageren"))
    is_premoderated = BooleanField(
        _("Moderators keuren het eerste bericht van nieuwkomers goed"),
        description=_("Wie hier al iets plaatste, hoeft niet te wachten."),
    )


class NewCommunityForm(CommunityForm):
    """A community with the name it keeps for ever."""

    name = StringField(
        _("Adres"),
        description=_(
            "Kleine letters, cijfers en lage streepjes, hooguit 30. "
            "Dit kun je later niet veranderen."
        ),
        validators=[DataRequired(_("Geef de groep een adres."))],
    )


class ModeratorForm(ForumForm):
    """Who becomes a moderator, by name or by name and server."""

    handle = StringField(
        _("Naam van de nieuwe moderator"),
        description=_(
            "Bijvoorbeeld anna, of anna@school.example voor iemand op een andere server."
        ),
        validators=[DataRequired(_("Vul een naam in."))],
    )
