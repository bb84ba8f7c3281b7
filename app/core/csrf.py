"""Every form of ours carries a token; only signed machine requests are exempt."""

from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()
