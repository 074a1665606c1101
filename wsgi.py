"""The WSGI entry: `gunicorn wsgi:app`."""

import gc

gc.disable()  # all that is loaded stays: looking through it again and again is a tenth of the start

from config.settings import Settings  # noqa: E402 - as above
from marketplace.app import create_app  # noqa: E402 - as above

app = create_app(Settings.from_env())
gc.enable()
