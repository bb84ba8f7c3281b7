"""The blueprint all views of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("notifications", __name__)
