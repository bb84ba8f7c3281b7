"""What the tests about people share."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.browser import Site


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.browser()
