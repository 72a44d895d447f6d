"""The composition root: the only file that knows every room."""

from __future__ import annotations

import threading

from flask import Flask

from helpdesk import ai, background, extensions, jobs, realtime, web
from helpdesk.config import ROOT, Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application for one installation.

    :raises ConfigError: a setting cannot be used.
    """
    settings = settings or Settings.from_env()
    app = Flask(
        "helpdesk",
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
    )
    app.config.from_mapping(_flask_config(settings))
    extensions.init_app(app)
    realtime.init_app(app, settings)
    background.init_app(app, jobs.JOBS, workers=jobs.workers(settings), elsewhere=jobs.ELSEWHERE)
    app.extensions["responder"] = ai.load(settings.ai_source)
    web.init_app(app, settings)
    return app


def start_background(app: Flask) -> threading.Event:
    """Begin the periodic work of this process; set the returned event to end it."""
    settings: Settings = app.config["SETTINGS"]
    stop = threading.Event()
    background.repeat(app, jobs.sweep, every=settings.timing.sweep, stop=stop)
    return stop


def work(app: Flask) -> None:
    """Deliver alerts until told to stop, beside the web processes (`helpdesk worker`)."""
    settings: Settings = app.config["SETTINGS"]
    background.work(
        app,
        jobs.JOBS,
        jobs.WORKERS_SWEEP,
        name=jobs.ELSEWHERE,
        workers=jobs.workers(settings),
    )


def _flask_config(settings: Settings) -> dict[str, object]:
    engine: dict[str, object] = {"pool_size": settings.threads, "max_overflow": 8}
    if not settings.is_sqlite:
        engine |= {"pool_size": 16, "max_overflow": 16, "pool_pre_ping": True}
        engine["connect_args"] = {"connect_timeout": 5}
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "MAX_CONTENT_LENGTH": settings.limits.body_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.limits.form_memory_bytes,
        "MAX_FORM_PARTS": settings.limits.form_parts,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
    }
