"""For gunicorn: `gunicorn app.wsgi:app`."""

from app.core.log import set_up_logging
from app.core.settings import load_settings
from app.factory import create_app

set_up_logging()
app = create_app(load_settings())
