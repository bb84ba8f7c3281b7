"""The blueprint all views of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__)
