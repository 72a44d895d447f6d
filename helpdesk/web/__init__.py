"""Three audiences, three guards: customers in the widget, agents at the desk, admins."""

from flask import Flask

from helpdesk.config import Settings
from helpdesk.web import (
    admin,
    auth,
    canned,
    desk,
    errors,
    health,
    home,
    limits,
    reports,
    security,
    templating,
    widget,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Put every page and its guards into an app."""
    limits.init_app(app, settings)
    security.init_app(app, settings)
    templating.init_app(app)
    errors.init_app(app)
    auth.init_app(app)
    for room in (home, health, widget, auth, desk, canned, admin, reports):
        app.register_blueprint(room.bp)
