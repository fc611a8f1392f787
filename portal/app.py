"""The portal, put together. Reads like a table of contents."""

import os
from pathlib import Path

from flask import Flask
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, models
from portal.blueprints import (
    accounts,
    accreditation,
    attendance,
    auditing,
    calendar,
    catalogue,
    certificates,
    coordinators,
    demo,
    enrolment,
    handover,
    incompany,
    mail,
    office,
    operations,
    public,
    quality,
)
from portal.config import Settings
from portal.db import db, init_database
from portal.language import init_language
from portal.web.access import init_access, require_marks
from portal.web.addresses import init_addresses
from portal.web.error_pages import init_error_pages
from portal.web.filters import register_filters
from portal.web.headers import init_headers
from portal.web.limits import init_limits
from portal.web.pages import init_pages
from portal.web.prefix import init_prefix
from portal.web.signing import init_signing

__all__ = ["create_app", "models"]

MIGRATIONS = Path(__file__).parent.parent / "migrations"
AREAS = (
    public,
    accounts,
    catalogue,
    enrolment,
    calendar,
    attendance,
    certificates,
    accreditation,
    handover,
    incompany,
    coordinators,
    office,
    quality,
    mail,
    auditing,
    operations,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for these settings, or for those of the environment (PORTAL_*)."""
    settings = settings or Settings.from_environ(os.environ)
    app = Flask(__name__, instance_path=str(settings.instance.resolve()))
    app.config.update(
        PORTAL=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        WTF_CSRF_TIME_LIMIT=None,
        # A token in a __Host- cookie is enough; asking for a Referer too locks out whoever's browser sends none.
        WTF_CSRF_SSL_STRICT=False,
        MAIL_SERVER=settings.mail_server,
        MAIL_PORT=settings.mail_port,
        MAIL_USERNAME=settings.mail_username or None,
        MAIL_PASSWORD=settings.mail_password or None,
        MAIL_USE_TLS=settings.mail_tls,
        MAIL_DEFAULT_SENDER=settings.mail_from,
        MAIL_SUPPRESS_SEND=False,
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]
    init_database(app, settings)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    Mail(app)
    init_addresses(app)
    init_prefix(app)
    init_language(app)
    init_headers(app, settings)
    init_signing(app)
    CSRFProtect(app)
    init_access(app)
    init_pages(app, settings)
    register_filters(app)
    init_error_pages(app)
    for area in (*AREAS, demo) if settings.demo else AREAS:
        for blueprint in area.blueprints:
            app.register_blueprint(blueprint)
    init_limits(app, settings)
    cli.register(app)
    require_marks(app)
    return app
