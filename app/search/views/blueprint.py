"""The blueprint all views of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("search", __name__)
