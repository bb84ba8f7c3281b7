"""Assets: joined, hashed, gzipped, served; and what the sources themselves promise."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.assets import (
    ASK_AGAIN,
    KEEP_FOR_EVER,
    STATIC_FOLDER,
    UnknownAssetError,
    asset_url,
    build_assets,
    register_assets,
)

CSS = STATIC_FOLDER / "css"
TEMPLATES = STATIC_FOLDER.parent / "templates"
SOURCES_WITHOUT_TOKENS = sorted({*CSS.rglob("*.css")} - {CSS / "tokens.css"})
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|light-dark)\("
    r"|[:\s](?:white|black|red|green|blue|gr[ae]y|orange|yellow|silver)\s*[;,)]",
    re.IGNORECASE,
)
SIZE = re.compile(r"\d(?:px|rem)\b")
LIGHT_DARK = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
MAX_CSS_GZIPPED = 12 * 1024
MAX_JS_GZIPPED = 6 * 1024
MAX_ICONS = 8 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("css/components", "js", "img"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "css/main.css").write_text("@layer tokens, components;")
    (tmp_path / "css/tokens.css").write_text("@layer tokens {\n  /* why */\n  :root { --a: 1; }\n}")
    (tmp_path / "css/components/door.css").write_text("@layer components { .door { a: 1; } }")
    (tmp_path / "css/components/chip.css").write_text("@layer components { .chip { a: 1; } }")
    (tmp_path / "js/one.js").write_text("const same = 1;\n" * 20)
    (tmp_path / "js/two.js").write_text("const same = 2;")
    (tmp_path / "img/icons.svg").write_text("<svg/>")
    return tmp_path


@pytest.fixture
def site(folder: Path) -> Flask:
    made = Flask("assets-test", static_folder=None)
    register_assets(made, folder)
    return made


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return site.test_client()


def test_styles_are_joined_in_the_order_of_their_layers_and_then_by_name(folder: Path):
    css = build_assets(folder)["main.css"].body.decode()

    places = [css.index(part) for part in ("@layer tokens,", "--a: 1", ".chip", ".door")]
    assert places == sorted(places)


def test_comments_and_indentation_are_not_sent(folder: Path):
    css = build_assets(folder)["main.css"].body.decode()

    assert "why" not in css
    assert "\n  " not in css


def test_every_script_keeps_its_own_names(folder: Path):
    js = build_assets(folder)["main.js"].body.decode()

    first, second = js.strip().split("}\n{")
    assert first.startswith("{\n")
    assert first.count("const same") == 20
    assert second.strip() == "const same = 2;\n}"


def test_an_address_changes_when_a_byte_changes_and_not_before(folder: Path):
    before = build_assets(folder)
    again = build_assets(folder)
    (folder / "css/components/chip.css").write_text("@layer components { .chip { a: 2; } }")
    after = build_assets(folder)

    assert before == again
    assert before["main.css"].url != after["main.css"].url
    assert before["main.js"].url == after["main.js"].url


def test_an_asset_may_be_kept_for_ever(site: Flask, browser: FlaskClient):
    with site.app_context():
        address = asset_url("icons.svg")

    answer = browser.get(address)

    assert answer.status_code == 200
    assert answer.text == "<svg/>"
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == KEEP_FOR_EVER
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "gzip"), ("", None), ("gzip;q=0", None), ("*", "gzip")]
)
def test_gzip_goes_only_to_who_takes_it(
    site: Flask, browser: FlaskClient, accepted: str, encoding: str | None
):
    with site.app_context():
        address = asset_url("main.js")

    answer = browser.get(address, headers={"Accept-Encoding": accepted})

    body = gzip.decompress(answer.data) if encoding else answer.data
    assert answer.headers.get("Content-Encoding") == encoding
    assert body.count(b"const same") == 21
    assert answer.mimetype == "text/javascript"
    assert "Accept-Encoding" in answer.vary


def test_who_has_the_asset_already_gets_no_body(site: Flask, browser: FlaskClient):
    with site.app_context():
        address = asset_url("main.css")
    first = browser.get(address)

    second = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 304
    assert second.data == b""


@pytest.mark.parametrize("name", ["icons.svg", "icons.0123456789ab.svg"])
def test_an_older_address_gets_the_present_asset_without_keeping_it(
    browser: FlaskClient, name: str
):
    answer = browser.get(f"/static/{name}")

    assert answer.text == "<svg/>"
    assert answer.headers["Cache-Control"] == ASK_AGAIN


@pytest.mark.parametrize("name", ["nothing.css", "../main.css", "css/main.css", "%2e%2e/main.css"])
def test_nothing_else_is_served(browser: FlaskClient, name: str):
    answer = browser.get(f"/static/{name}")

    assert answer.status_code == 404


def test_a_misspelt_asset_is_an_error_that_names_what_there_is(site: Flask):
    with site.app_context(), pytest.raises(UnknownAssetError, match=r"icons\.svg"):
        asset_url("icon.svg")


def test_a_template_asks_by_plain_name(site: Flask, folder: Path):
    template = site.jinja_env.from_string("{{ asset_url('icons.svg') }}")

    assert template.render() == build_assets(folder)["icons.svg"].url


def test_a_static_folder_of_flask_would_hide_ours_and_is_refused(folder: Path):
    shadowed = Flask("assets-test", static_folder=str(folder))

    with pytest.raises(RuntimeError, match="static_folder=None"):
        register_assets(shadowed, folder)


def test_the_style_and_the_scripts_stay_within_their_budget():
    assets = build_assets(STATIC_FOLDER)

    assert len(assets["main.css"].gzipped) <= MAX_CSS_GZIPPED
    assert len(assets["main.js"].gzipped) <= MAX_JS_GZIPPED
    assert len(assets["icons.svg"].body) <= MAX_ICONS


@pytest.mark.parametrize("source", SOURCES_WITHOUT_TOKENS, ids=lambda source: source.name)
def test_colours_and_sizes_are_written_in_tokens_only(source: Path):
    rules = re.sub(r"/\*.*?\*/", "", source.read_text("utf-8"), flags=re.DOTALL)
    rules = re.sub(r"@media \([^{]*\{", "{", rules)

    assert COLOUR.findall(rules) == []
    assert SIZE.findall(rules) == []


@pytest.mark.parametrize("source", SOURCES_WITHOUT_TOKENS, ids=lambda source: source.name)
def test_every_source_wraps_itself_in_its_layer(source: Path):
    rules = re.sub(r"/\*.*?\*/", "", source.read_text("utf-8"), flags=re.DOTALL).strip()
    layer = "components" if source.parent.name == "components" else source.stem

    assert rules.startswith(f"@layer {layer} {{") or source.name == "main.css"
    assert rules.count("{") == rules.count("}")


def test_every_custom_property_that_is_used_has_been_given_a_value():
    css = build_assets(STATIC_FOLDER)["main.css"].body.decode()

    used = set(re.findall(r"var\((--[a-z0-9-]+)", css))
    given = set(re.findall(r"(--[a-z0-9-]+):", css))

    assert used <= given
    assert given <= used | {"--code"}


def test_a_style_sheet_of_a_component_has_the_name_of_its_template():
    styles = {source.stem for source in (CSS / "components").glob("*.css")}
    templates = {source.stem for source in (TEMPLATES / "components").glob("*.html")}

    assert styles <= templates


def test_scripts_hold_no_sentence_and_build_no_markup():
    js = build_assets(STATIC_FOLDER)["main.js"].body.decode()

    assert "innerHTML" not in js
    assert "insertAdjacent" not in js
    assert re.findall(r"(?:textContent|title|ariaLabel|alert|confirm)\s*[=(]\s*[\"'`]", js) == []


def _tokens() -> dict[str, tuple[str, str]]:
    found = LIGHT_DARK.findall((CSS / "tokens.css").read_text("utf-8"))
    return {name: (light, dark) for name, light, dark in found}


def _luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2, definition)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("page", "card", "sunk")
TINTED = ("forum", "network", "region", "research", "source", "training", "news")
TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "muted", "link", "link-strong") for ground in GROUNDS],
    *[(text, ground) for text in ("good", "warn", "bad", "visited") for ground in GROUNDS],
    *[(tone, f"{tone}-tint") for tone in (*TINTED, "good", "warn", "bad")],
    *[(tone, ground) for tone in TINTED for ground in GROUNDS],
    *[("link", f"{tone}-tint") for tone in ("forum", "good", "warn", "bad")],
    *[(text, "good-tint") for text in ("ink", "muted")],
    ("on-link", "link"),
    ("on-link", "link-strong"),
    ("card", "bad"),
    ("ink", "mark"),
]
SHAPE_PAIRS = [(shape, ground) for shape in ("control", "focus", "link") for ground in GROUNDS]


@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground_in_light_and_dark(front: str, back: str):
    tokens = _tokens()

    ratios = [_contrast(tokens[front][theme], tokens[back][theme]) for theme in (0, 1)]

    assert min(ratios) >= 4.5, ratios


@pytest.mark.parametrize(("front", "back"), SHAPE_PAIRS)
def test_controls_and_focus_stand_out_in_light_and_dark(front: str, back: str):
    tokens = _tokens()

    ratios = [_contrast(tokens[front][theme], tokens[back][theme]) for theme in (0, 1)]

    assert min(ratios) >= 3, ratios
