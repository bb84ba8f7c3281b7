"""A small application around the templates: their macros, rendered as a page would."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from app.core.assets import STATIC_FOLDER, register_assets
from app.core.faces import register_faces

TEMPLATES = STATIC_FOLDER.parent / "templates"
PAGE = '{% extends "layouts/page.html" %}{% block title %}Proef{% endblock %}'
ENDPOINTS = (
    "accounts.show_people",
    "accounts.show_profile",
    "accounts.show_settings",
    "accounts.switch_language",
    "accounts.switch_theme",
    "directory.show_matrix",
    "directory.show_networks",
    "directory.show_regions",
    "directory.show_research",
    "directory.show_sources",
    "directory.show_training",
    "federation.show_status",
    "feeds.show_river",
    "forum.show_forum",
    "forum.show_home",
    "forum.show_new_post",
    "moderation.show_log",
    "moderation.show_queue",
    "notifications.show_notifications",
    "pages.show_page",
    "search.show_search",
    "security.login",
    "security.logout",
    "security.register",
)


@pytest.fixture
def context() -> dict[str, object]:
    """What pages get from the application; a test changes it before it asks for a page."""
    settings = SimpleNamespace(site_name="Leeszaal", allow_private_addresses=False)
    return {"settings": settings, "locale": "nl", "theme": "auto", "current_account": None}


@pytest.fixture
def site(context: dict[str, object]) -> Flask:
    made = Flask("templates-test", static_folder=None, template_folder=str(TEMPLATES))
    made.config.update({"SECRET_KEY": "only-in-this-test", "BABEL_DEFAULT_LOCALE": "nl"})
    made.jinja_env.undefined = StrictUndefined
    made.jinja_env.trim_blocks = made.jinja_env.lstrip_blocks = True
    made.jinja_env.filters.update(
        reltime=lambda when: f"{when:%H} uur geleden",
        datetime_nl=lambda when: f"{when:%d-%m-%Y, %H.%M} uur",
        date_nl=lambda when: f"{when:%d-%m-%Y}",
    )
    Babel(made)
    CSRFProtect(made)
    register_assets(made)
    register_faces(made)
    made.context_processor(lambda: context)
    for endpoint in ENDPOINTS:
        made.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
    made.add_url_rule("/proef", "page", lambda: render_template_string(PAGE))
    return made


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def render(site: Flask) -> Callable[..., str]:
    """Render a call of the macro it names; keywords are the variables it uses."""

    def render_call(call: str, **variables: object) -> str:
        name = re.search(r"(\w+)\(", call)
        assert name
        source = f'{{% from "components/{name[1]}.html" import {name[1]} %}}{call}'
        with site.test_request_context("/"):
            return render_template_string(source, **variables)

    return render_call
