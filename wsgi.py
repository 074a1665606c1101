"""The WSGI entry: `gunicorn wsgi:app`."""

from config.settings import Settings
from marketplace.app import create_app

app = create_app(Settings.from_env())
