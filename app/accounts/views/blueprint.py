"""The blueprint all views of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
