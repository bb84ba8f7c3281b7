"""Composition root: the visible lists of what is wired to what."""

from datetime import timedelta
from typing import Final

from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

from app.about.views import blueprint as about_blueprint
from app.accounts.current import select_locale
from app.accounts.purging import purge_invitations, purge_sessions
from app.accounts.security import setup_security
from app.accounts.views import blueprint as accounts_blueprint
from app.core import health
from app.core.assets import register_assets
from app.core.csrf import csrf
from app.core.db import db
from app.core.error_pages import install_error_pages
from app.core.faces import register_faces
from app.core.housekeeping import install_purgers
from app.core.i18n import install_i18n
from app.core.mail_purging import purge_mails
from app.core.metrics import install_metrics
from app.core.page_cache import install_page_cache
from app.core.rate_limit import install_rate_limits
from app.core.settings import Settings, provide_settings
from app.core.tasks import install_doorbell
from app.core.web import Site, install_web
from app.forum import listeners as forum_listeners
from app.forum.views import blueprint as forum_blueprint
from app.moderation import listeners as moderation_listeners
from app.moderation.views import blueprint as moderation_blueprint
from app.notifications import listeners as notifications_listeners
from app.notifications.purging import purge_notifications
from app.notifications.views import blueprint as notifications_blueprint
from app.search.views import blueprint as search_blueprint
from directory.views import blueprint as directory_blueprint
from federation.dereference import listeners as dereference_listeners
from federation.dereference.lookup_rows import purge_lookups
from federation.dereference.orphans import drop_orphans
from federation.dereference.withdrawals import purge_withdrawals
from federation.inbound.purging import purge_activities, purge_bodies
from federation.outbound import listeners as outbound_listeners
from federation.outbound.departures import purge_keys_of_departed
from federation.outbound.purging import purge_said, purge_told
from federation.transport.own_keys import purge_former_keys
from federation.views import blueprint as federation_blueprint
from federation.views.representations import install_representations
from feeds import listeners as feeds_listeners
from feeds.views import blueprint as feeds_blueprint

MAX_FORM_BYTES: Final = 2 * 1024 * 1024
SESSION_DAYS: Final = 30

BLUEPRINTS = (
    health.blueprint,
    about_blueprint,
    accounts_blueprint,
    forum_blueprint,
    moderation_blueprint,
    notifications_blueprint,
    search_blueprint,
    feeds_blueprint,
    directory_blueprint,
    federation_blueprint,
)
LISTENERS = (
    forum_listeners.register_listeners,
    moderation_listeners.register_listeners,
    notifications_listeners.register_listeners,
    feeds_listeners.register_listeners,
    outbound_listeners.register_listeners,
    dereference_listeners.register_listeners,
)
PURGERS: Final = {
    "bytes of activities received": purge_bodies,
    "activities received": purge_activities,
    "activities that wait in vain": drop_orphans,
    "what was taken back early": purge_withdrawals,
    "activities about what is gone": purge_told,
    "searches on other servers": purge_lookups,
    "activities of a moment": purge_said,
    "keys of who left": purge_keys_of_departed,
    "read notifications": purge_notifications,
    "mails": purge_mails,
    "expired invitations": purge_invitations,
    "sign-ins that ended": purge_sessions,
    "replaced keys": purge_former_keys,
}


def _settings_of_current_app() -> Settings:
    settings = current_app.config["VERBINDPLAATS"]
    assert isinstance(settings, Settings)
    return settings


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        VERBINDPLAATS=settings,
        SECRET_KEY=settings.secret_key,
        SERVER_NAME=settings.host,
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": not settings.sqlalchemy_url.startswith("sqlite"),
            "hide_parameters": True,  # an error in the log holds no passwords, mails or links
        },
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        PERMANENT_SESSION_LIFETIME=timedelta(days=SESSION_DAYS),
        SESSION_COOKIE_NAME="verbindplaats",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=settings.testing,
    )


def create_app(settings: Settings) -> Flask:
    """Return the WSGI application for `settings`; safe to call more than once in a process."""
    app = Site("app", static_folder=None)
    _configure(app, settings)
    provide_settings(_settings_of_current_app)
    install_page_cache(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    db.init_app(app)
    install_web(app, settings)
    install_metrics(app)
    csrf.init_app(app)
    install_rate_limits(app, settings)
    install_i18n(app, settings, select_locale)
    setup_security(app)
    install_representations(app)
    install_error_pages(app)
    register_assets(app)
    register_faces(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    csrf.exempt(federation_blueprint)
    for register_listeners in LISTENERS:
        register_listeners()
    install_purgers(app, PURGERS)
    install_doorbell(app, settings)
    return app
