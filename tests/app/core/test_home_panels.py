"""Higher floors add doors and panels to the home page."""

import pytest

from app.core import home_panels
from app.core.home_panels import Door, Panel, add_doors, add_panel, list_doors, list_panels


def test_the_same_name_again_replaces_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_panels, "_doors", {})
    monkeypatch.setattr(home_panels, "_panels", {})
    add_doors("test", lambda: [Door("network", "Oud", "/oud")])
    add_doors("test", lambda: [Door("network", "Netwerken", "/netwerken")])
    add_panel("test", lambda: Panel("test", "Oud", "/oud", "Alles"))
    add_panel("test", lambda: Panel("test", "Nieuws", "/nieuws", "Alles"))

    doors, panels = list_doors(), list_panels()

    assert {key: door.title for key, door in doors.items()} == {"network": "Netwerken"}
    assert [panel.title for panel in panels] == ["Nieuws"]
