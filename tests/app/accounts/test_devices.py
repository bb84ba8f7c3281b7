"""What a browser says of itself becomes words that a person recognises."""

import pytest

from app.accounts.devices import Device, recognize_device
from app.accounts.models.login_session import MAX_DEVICE_LENGTH

LIKE_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "browser", "system"),
    [
        ("(X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox", "Linux"),
        (f"(Windows NT 10.0; Win64; x64) {LIKE_CHROME} Edg/130.0", "Edge", "Windows"),
        (f"(Linux; Android 14) {LIKE_CHROME}", "Chrome", "Android"),
        (f"(X11; CrOS x86_64 14541.0.0) {LIKE_CHROME}", "Chrome", "ChromeOS"),
        (
            "(iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari",
            "iPhone",
        ),
        ("(Macintosh; Intel Mac OS X 14.5; rv:130.0) Firefox/130.0", "Firefox", "macOS"),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
        ("<script>" * 9999, "", ""),
    ],
)
def test_a_browser_and_its_system_are_named(said: str, browser: str, system: str) -> None:
    assert recognize_device(f"Mozilla/5.0 {said}") == Device(browser, system)
    assert max(len(browser), len(system)) <= MAX_DEVICE_LENGTH
