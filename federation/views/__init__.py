"""The inbox, the documents peers read, and how they find us; importing registers all routes."""

from federation.views import (
    activities,
    collections,
    deliveries,
    home_server,
    inbox,
    interaction,
    lookup,
    moving,
    panels,
    quarantine,
    status,
    synchronization,
    webfinger,
    wellknown,
)
from federation.views.blueprint import blueprint

__all__ = [
    "activities",
    "blueprint",
    "collections",
    "deliveries",
    "home_server",
    "inbox",
    "interaction",
    "lookup",
    "moving",
    "panels",
    "quarantine",
    "status",
    "synchronization",
    "webfinger",
    "wellknown",
]
