"""Higher floors add doors and panels to the home page."""

from app.core.home_panels import Door, Panel, add_doors, add_panel, list_doors, list_panels


def test_the_same_name_again_replaces_what_was_there() -> None:
    add_doors("test", lambda: [Door("network", "Oud", "/oud")])
    add_doors("test", lambda: [Door("network", "Netwerken", "/netwerken")])
    add_panel("test", lambda: Panel("test", "Oud", "/oud", "Alles"))
    add_panel("test", lambda: Panel("test", "Nieuws", "/nieuws", "Alles"))

    titles = [panel.title for panel in list_panels() if panel.key == "test"]

    assert list_doors()["network"].title == "Netwerken"
    assert titles == ["Nieuws"]
