"""Counters for the operator, in Prometheus' text format; no reader is counted by name."""

import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from app.core.web import for_programs

REQUESTS = Counter("verbindplaats_requests", "Answers given", ["endpoint", "status"])
SECONDS = Histogram(
    "verbindplaats_request_seconds",
    "Time to an answer",
    ["endpoint"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2.0, 10.0),
)
REFUSALS = Counter("verbindplaats_refusals", "Activities refused at the inbox", ["reason"])
OUTCOMES = Counter("verbindplaats_inbox_outcomes", "What became of activities", ["outcome"])
DELIVERIES = Counter("verbindplaats_deliveries", "What became of deliveries", ["outcome"])
FETCHES = Counter("verbindplaats_feed_fetches", "What became of feed fetches", ["outcome"])

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Return all counters; Caddy keeps this address from the outside in production."""
    response = Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


@for_programs
def _start() -> None:
    g.started = time.perf_counter()


@for_programs
def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(time.perf_counter() - g.get("started", time.perf_counter()))
    return response


def install_metrics(app: Flask) -> None:
    """Count every answer."""
    app.before_request(_start)
    app.after_request(_count)
    app.register_blueprint(blueprint)
