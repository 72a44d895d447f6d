"""For any WSGI server that gives Flask the raw socket: ``gunicorn -k gthread wsgi:app``."""

from helpdesk.app import create_app, start_background

app = create_app()
start_background(app)
