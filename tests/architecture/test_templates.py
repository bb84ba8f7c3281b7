"""Templates compile, name what they use, and every page has a title."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, meta, nodes

from tests.architecture.source import ROOT

FOLDER = ROOT / "app" / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*"))
PAGES = [name for name in TEMPLATES if name.endswith(".html")]
INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
JINJA = re.compile(r"\{[#%].*?[#%]\}", re.DOTALL)
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|oklab|lab|lch|hwb|color)\(", re.IGNORECASE
)
MAX_COMPONENT = 60


def _source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles_strictly(app: Flask, name: str) -> None:
    environment = app.jinja_env.overlay(undefined=StrictUndefined)

    environment.compile(_source(name), name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_whatever_a_template_names_exists(app: Flask, name: str) -> None:
    parsed = app.jinja_env.parse(_source(name))
    wanted = {found for found in meta.find_referenced_templates(parsed) if found is not None}

    assert wanted <= set(TEMPLATES) | {"security/_messages.html"}


@pytest.mark.parametrize("name", PAGES)
def test_page_has_a_title(app: Flask, name: str) -> None:
    parsed = app.jinja_env.parse(_source(name))
    layouts = [e.template for e in parsed.find_all(nodes.Extends)]
    blocks = {block.name for block in parsed.find_all(nodes.Block)}
    extends_layout = any(
        isinstance(layout, nodes.Const) and str(layout.value).startswith("layouts/")
        for layout in layouts
    )

    assert not extends_layout or name.startswith("layouts/") or blocks & {"title", "full_title"}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_needs_what_the_content_security_policy_forbids(name: str) -> None:
    if name.startswith("email/"):
        pytest.skip("mail is read elsewhere")

    assert INLINE.findall(JINJA.sub("", _source(name))) == []


@pytest.mark.parametrize("name", [n for n in PAGES if n.startswith("components/")])
def test_component_is_one_small_macro(app: Flask, name: str) -> None:
    parsed = app.jinja_env.parse(_source(name))
    public = [m.name for m in parsed.find_all(nodes.Macro) if not m.name.startswith("_")]

    assert len(public) == 1
    assert len(_source(name).splitlines()) <= MAX_COMPONENT


@pytest.mark.parametrize(
    "path", sorted((ROOT / "app/static/css").rglob("*.css")), ids=lambda path: path.name
)
def test_colours_stand_in_one_file(path: Path) -> None:
    if path.name == "tokens.css":
        pytest.skip("here they stand")
    source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert COLOUR.findall(re.sub(r"color-mix\(in [a-z]+", "", source)) == []
