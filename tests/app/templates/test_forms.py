"""The macros of forms: what a person fills in, and what is said when it is wrong."""

import re
from collections.abc import Callable

from flask import Flask
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

Render = Callable[..., str]


class QuestionForm(FlaskForm):
    title = StringField("Titel", [DataRequired("Vul een titel in.")], description="In één zin.")
    body = TextAreaField("Toelichting")
    kind = RadioField(
        "Soort",
        choices=[SelectChoice("a", "Vraag"), SelectChoice("b", "Gesprek")],
        default="a",
        description="Dat bepaalt de knoppen.",
    )
    notify = BooleanField("Stuur bericht", [DataRequired("Zet het vinkje.")])


def test_a_wrong_field_ties_label_hint_and_error_to_its_control(site: Flask, render: Render):
    with site.test_request_context("/", method="POST", data={"title": ""}):
        form = QuestionForm(meta={"csrf": False})
        form.validate()
        field = render("{{ field(f, autocomplete='off') }}", f=form.title)

    assert '<label for="title">Titel</label>' in field
    assert 'aria-describedby="title-hint title-error"' in field
    assert 'id="title-hint">In één zin.<' in field
    assert re.search(r'id="title-error".*Vul een titel in\.', field)
    assert 'aria-invalid="true"' in field
    assert 'autocomplete="off"' in field


def test_a_field_that_may_stay_empty_says_so_and_has_no_error(site: Flask, render: Render):
    with site.test_request_context("/"):
        form = QuestionForm(meta={"csrf": False})
        field = render("{{ field(f) }}", f=form.body)

    assert "(mag leeg blijven)" in field
    assert "aria-invalid" not in field
    assert "aria-describedby" not in field


def test_a_choice_of_several_is_a_group_with_a_legend(site: Flask, render: Render):
    with site.test_request_context("/"):
        form = QuestionForm(meta={"csrf": False})
        field = render("{{ field(f) }}", f=form.kind)

    assert re.search(r'<fieldset[^>]* aria-describedby="kind-hint">\s*<legend>Soort', field)
    assert field.count('type="radio"') == 2
    assert '<label for="kind-0">Vraag</label>' in field


def test_a_tick_box_stands_before_its_label_and_shows_its_error(site: Flask, render: Render):
    with site.test_request_context("/", method="POST", data={}):
        form = QuestionForm(meta={"csrf": False})
        form.validate()
        field = render("{{ field(f) }}", f=form.notify)

    assert field.index('type="checkbox"') < field.index('<label for="notify">')
    assert 'aria-describedby="notify-error"' in field
    assert "Zet het vinkje." in field


def test_the_summary_of_errors_links_to_every_wrong_field(site: Flask, render: Render):
    with site.test_request_context("/", method="POST", data={"title": ""}):
        form = QuestionForm(meta={"csrf": False})
        form.validate()
        form.form_errors.append("Je bent te snel.")
        summary = render("{{ error_summary(f) }}", f=form)

    assert '<a href="#title">Titel: Vul een titel in.</a>' in summary
    assert '<a href="#notify">' in summary
    assert "<li>Je bent te snel.</li>" in summary
    assert 'role="alert"' in summary


def test_a_form_without_errors_has_no_summary(site: Flask, render: Render):
    with site.test_request_context("/"):
        summary = render("{{ error_summary(f) }}", f=QuestionForm(meta={"csrf": False}))

    assert summary.strip() == ""


def test_the_editor_names_its_draft_and_explains_markdown(site: Flask, render: Render):
    with site.test_request_context("/"):
        form = QuestionForm(meta={"csrf": False})
        editor = render("{{ editor(f, 'comment-1', rows=4) }}", f=form.body)

    assert 'data-autosave="comment-1"' in editor
    assert 'data-forget="comment-1"' in editor
    assert 'rows="4"' in editor
    assert "<code>**woord**</code>" in editor


def test_a_form_that_writes_carries_a_token_and_a_search_does_not(render: Render):
    writes = render("{% call form('/x') %}{% endcall %}")
    reads = render("{% call form('/x', method='get') %}{% endcall %}")

    assert re.search(r'name="csrf_token" value="[\w.-]{20,}"', writes)
    assert "csrf_token" not in reads
