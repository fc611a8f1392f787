"""The portal as a plain WSGI application: `granian --interface wsgi wsgi:app`, `gunicorn wsgi:app`, `flask --app
wsgi`."""

from portal.app import create_app

app = create_app()
