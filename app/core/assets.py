"""Style sheets, scripts and images: joined, hashed and gzipped in memory when the app starts.

There is no build step. `app/static/css` becomes one `main.css` in the order of its cascade layers,
`app/static/js` one `main.js` in which every file keeps its own scope, and each file of
`app/static/img` is served as it is. The address of an asset carries a digest of its bytes, so a
browser may keep it for ever (RFC 8246, `immutable`).
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, request

STATIC_FOLDER: Final = Path(__file__).resolve().parent.parent / "static"
URL_PREFIX: Final = "/static"
LAYERED_SOURCES: Final = ("main.css", "tokens.css", "base.css", "layout.css", "utilities.css")
KEEP_FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "public, no-cache"

MEDIA_TYPES: Final = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "ico": "image/x-icon",
    "webmanifest": "application/manifest+json",
}

_DIGEST_LENGTH: Final = 12
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_HASHED_NAME: Final = re.compile(r"(?P<stem>.+)\.[0-9a-f]{12}(?P<suffix>\.[a-z0-9]+)")

blueprint = Blueprint("assets", __name__)


class UnknownAssetError(LookupError):
    """A template asks for an asset that is not in the static folder."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served: its bytes, plain and gzipped, under an address with a digest."""

    name: str
    hashed_name: str
    media_type: str
    body: bytes
    gzipped: bytes

    @property
    def url(self) -> str:
        """Path of this version of the asset; it changes when a byte changes."""
        return f"{URL_PREFIX}/{self.hashed_name}"


def join_styles(folder: Path) -> str:
    """Join the style sheets in `folder`: layer order first, then each layer, then components.

    Every source wraps itself in its own `@layer`, so the order within a layer is the only thing
    that the order of files decides; components come by name.
    """
    sources = [folder / name for name in LAYERED_SOURCES if (folder / name).is_file()]
    sources += sorted((folder / "components").glob("*.css"))
    return "\n".join(_without_comments(source.read_text("utf-8")) for source in sources) + "\n"


def join_scripts(folder: Path) -> str:
    """Join the scripts in `folder` by name, each in a block of its own: names do not meet."""
    blocks = [
        f"{{\n{_without_comments(source.read_text('utf-8'))}\n}}"
        for source in sorted(folder.glob("*.js"))
    ]
    return "\n".join(blocks) + "\n"


def build_assets(folder: Path) -> Mapping[str, Asset]:
    """Read the static `folder` and return its assets by plain name (`main.css`, `icons.svg`)."""
    bodies = {
        "main.css": join_styles(folder / "css").encode(),
        "main.js": join_scripts(folder / "js").encode(),
    }
    bodies |= {image.name: image.read_bytes() for image in sorted((folder / "img").glob("*.*"))}
    return {name: _make_asset(name, body) for name, body in bodies.items()}


def asset_url(name: str) -> str:
    """Return the hashed address of the asset `name` of the current application.

    Raises UnknownAssetError for a name that is not there: a misspelt name fails in the first test.
    """
    return _get_url(_registered_assets(), name)


def register_assets(app: Flask, folder: Path = STATIC_FOLDER) -> None:
    """Build the assets of `folder` for `app`, serve them at /static and give templates `asset_url`.

    Raises RuntimeError when Flask's own static route would hide ours.
    """
    if app.has_static_folder:
        raise RuntimeError("Make the app with Flask(..., static_folder=None): assets serve /static")
    assets = build_assets(folder)
    app.extensions["assets"] = assets
    app.register_blueprint(blueprint)
    # Bound to its assets: a long thread draws thousands of icons and needs no context for it.
    app.jinja_env.globals["asset_url"] = partial(_get_url, assets)


@blueprint.get(f"{URL_PREFIX}/<filename>")
def show_asset(filename: str) -> Response:
    """Serve an asset, gzipped when the client takes it.

    A page from before a restart may still ask for the previous digest: it gets today's bytes,
    which it must not keep.
    """
    found = _find_asset(filename)
    if found is None:
        abort(404)
    zipped = len(found.gzipped) < len(found.body) and request.accept_encodings["gzip"] > 0
    response = Response(found.gzipped if zipped else found.body, mimetype=found.media_type)
    if zipped:
        response.content_encoding = "gzip"
    response.headers["Cache-Control"] = (
        KEEP_FOR_EVER if filename == found.hashed_name else ASK_AGAIN
    )
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{found.hashed_name}{'.gz' if zipped else ''}")
    response.make_conditional(request)
    return response


def _find_asset(filename: str) -> Asset | None:
    """Return the asset that `filename` names, with the present digest, an older one or none."""
    match = _HASHED_NAME.fullmatch(filename)
    name = f"{match['stem']}{match['suffix']}" if match else filename
    return _registered_assets().get(name)


def _get_url(assets: Mapping[str, Asset], name: str) -> str:
    if name not in assets:
        raise UnknownAssetError(f"No asset {name!r}; there are {', '.join(sorted(assets))}.")
    return assets[name].url


def _registered_assets() -> Mapping[str, Asset]:
    assets: Mapping[str, Asset] = current_app.extensions["assets"]
    return assets


def _make_asset(name: str, body: bytes) -> Asset:
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:_DIGEST_LENGTH]
    return Asset(
        name=name,
        hashed_name=f"{stem}.{digest}.{suffix}",
        media_type=MEDIA_TYPES.get(suffix, "application/octet-stream"),
        body=body,
        gzipped=gzip.compress(body, mtime=0),
    )


def _without_comments(source: str) -> str:
    """Drop block comments, indentation and blank lines; our sources have no `/*` in strings."""
    lines = (line.strip() for line in _COMMENT.sub("", source).splitlines())
    return "\n".join(line for line in lines if line)
