"""Three audiences, three guards: customers in the widget, agents at the desk, anybody else."""

from flask import Flask

from helpdesk.config import Settings
from helpdesk.web import auth, desk, errors, health, home, limits, security, templating, widget


def init_app(app: Flask, settings: Settings) -> None:
    """Put every page and its guards into an app."""
    limits.init_app(app, settings)
    security.init_app(app, settings)
    templating.init_app(app)
    errors.init_app(app)
    auth.init_app(app)
    for room in (home, health, widget, auth, desk):
        app.register_blueprint(room.bp)
