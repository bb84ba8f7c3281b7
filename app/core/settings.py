"""Typed settings: environment over `verbindplaats.toml` over defaults; nobody else reads it."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PREFIX = "VERBINDPLAATS_"
SOFTWARE_NAME = "verbindplaats"
SOFTWARE_VERSION = "0.1.0"
DEFAULT_PORT = 8000
MAX_PORT = 65535
LEAST_SECRET_LENGTH = 32
SQLITE = "sqlite:///"
STANDARD_PORTS = {"http": 80, "https": 443}
LANGUAGES = ("nl", "en")
# What the processes of one server tell each other, and which file to read: no settings.
PLUMBING = {"CONFIG", "LIFELINE_FD", "READY_FD", "TEST_DATABASE_URL", "TEST_REDIS_URL"}


class SettingsError(Exception):
    """A setting has a value that cannot work; the text says which and why."""


class Federation(StrEnum):
    """With whom this server exchanges: everyone, a list of hosts, or nobody."""

    OPEN = "open"
    ALLOWLIST = "allowlist"
    OFF = "off"


@dataclass(frozen=True)
class Settings:
    """Every setting of contract.md; made once per process by `load_settings`."""

    base_url: str = f"http://localhost:{DEFAULT_PORT}"
    data_dir: Path = field(default_factory=lambda: Path("var"))
    database_url: str = ""
    broker_url: str = ""
    redis_url: str = ""
    secret_key: str = ""
    allow_private_addresses: bool = False
    mail_url: str = ""
    mail_from: str = ""
    media_url: str = ""
    locale: str = "nl"
    federation: Federation = Federation.OPEN
    authorized_fetch: bool = False
    site_name: str = "Verbindplaats"
    contact_email: str = ""
    trusted_proxies: int = 0
    oidc: Mapping[str, str] = field(default_factory=dict)
    testing: bool = False

    @property
    def host(self) -> str:
        """The netloc of every id we make: host, with the port when it is not the scheme's own."""
        return urlsplit(self.base_url).netloc

    @property
    def is_https(self) -> bool:
        """Whether cookies are Secure and ids are https."""
        return self.base_url.startswith("https://")

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the embedded database; None when a PostgreSQL server has it."""
        if not self.database_url:
            return self.data_dir.resolve() / "verbindplaats.sqlite"
        if self.database_url.startswith(SQLITE):
            return Path(self.database_url.removeprefix(SQLITE)).resolve()
        return None

    @property
    def sqlalchemy_url(self) -> str:
        """The database address, defaulting to SQLite in the data directory."""
        path = self.sqlite_path
        return self.database_url if path is None else f"{SQLITE}{path}"

    @property
    def is_embedded_broker(self) -> bool:
        """Whether the queue is kombu's filesystem transport in the data directory."""
        return not self.broker_url

    @property
    def user_agent(self) -> str:
        """How we name ourselves to every server we call (RFC 9110 section 10.1.5)."""
        return f"Verbindplaats/{SOFTWARE_VERSION} (+{self.base_url}/)"


_SWITCHES = ("allow_private_addresses", "authorized_fetch")
_BOOLEANS = {
    "1": True,
    "true": True,
    "yes": True,
    "0": False,
    "false": False,
    "no": False,
    "": False,
}


def _as_bool(name: str, value: str) -> bool:
    try:
        return _BOOLEANS[value.strip().lower()]
    except KeyError:
        raise SettingsError(f"{name} must be 0 or 1, not {value!r}") from None


def _as_count(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal()):
        raise SettingsError(f"{name} must be a number of proxies such as 0 or 1, not {value!r}")
    return int(value)


def _as_port(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 0 < int(value) <= MAX_PORT):
        raise SettingsError(f"{name} must be a port such as {DEFAULT_PORT}, not {value!r}")
    return int(value)


def listening_port(environ: Mapping[str, str] | None = None) -> int:
    """Return the port to listen on: PORT, as shells and hosting say it, or 8000."""
    env = os.environ if environ is None else environ
    return _as_port("PORT", env.get("PORT") or str(DEFAULT_PORT))


def _split(name: str, value: str, schemes: tuple[str, ...], form: str) -> SplitResult:
    """Return the parts of an address that has one of these schemes, a host and a valid port."""
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise SettingsError(f"{PREFIX}{name} must be {form}")
    return parts


def _checked_base_url(value: str) -> str:
    form = f"http(s)://host[:port], not {value!r}"
    parts = _split("BASE_URL", value, ("http", "https"), form)
    has_more = bool(parts.query or parts.fragment or parts.username is not None)
    if parts.path not in {"", "/"} or has_more:
        raise SettingsError(f"{PREFIX}BASE_URL may hold no path, query or user: {value!r}")
    netloc = parts.netloc.lower()
    if not netloc.isascii() or any(character.isspace() for character in netloc):
        raise SettingsError(f"{PREFIX}BASE_URL must have its host in ASCII (xn--...): {value!r}")
    return f"{parts.scheme}://{netloc.removesuffix(f':{STANDARD_PORTS[parts.scheme]}')}"


def _read_toml(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    for key, value in content.items():
        if not isinstance(value, str | int):
            raise SettingsError(f"{path}: {key} must be a text, a number or true/false")
    return {key.upper(): str(int(v) if isinstance(v, bool) else v) for key, v in content.items()}


def _names() -> set[str]:
    return {f.name.upper() for f in fields(Settings)} - {"OIDC", "TESTING"}


def _written(environ: Mapping[str, str]) -> dict[str, str]:
    """Return all that is written down for us, without the prefix; the environment wins."""
    toml = _read_toml(Path(environ.get(f"{PREFIX}CONFIG") or "verbindplaats.toml"))
    env = {k.removeprefix(PREFIX): v for k, v in environ.items() if k.startswith(PREFIX)}
    return {**toml, **env}


def _is_oidc(name: str) -> bool:
    return name.startswith("OIDC_")


def list_unknown(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return what is set for us and means nothing: most likely a setting that is misspelt."""
    written = _written(os.environ if environ is None else environ)
    known = _names() | PLUMBING
    return sorted(f"{PREFIX}{k}" for k in written if k not in known and not _is_oidc(k))


def _check_addresses(settings: Settings) -> None:
    """Raise SettingsError for an address that leads nowhere; passwords are not repeated."""
    redis = ("redis", "rediss")
    if settings.broker_url:
        form = "redis://host:port/number, or left out: embedded"
        _split("BROKER_URL", settings.broker_url, redis, form)
    if settings.redis_url:
        _split("REDIS_URL", settings.redis_url, redis, "redis://host:port/number")
    if settings.mail_url:
        _split("MAIL_URL", settings.mail_url, ("smtp", "smtps"), "smtp://user:pass@host:port")
    if settings.media_url and not settings.media_url.startswith("s3://"):
        raise SettingsError(f"{PREFIX}MEDIA_URL must be s3://bucket, or left out: files")
    database = settings.database_url
    is_file = database.startswith(SQLITE) and len(database) > len(SQLITE)
    if database and not is_file and not database.startswith("postgresql+psycopg://"):
        form = "sqlite:////absolute/path or postgresql+psycopg://user:password@host/name"
        raise SettingsError(f"{PREFIX}DATABASE_URL must be {form}")


def _check_choices(settings: Settings) -> None:
    if settings.locale not in LANGUAGES:
        raise SettingsError(f"{PREFIX}LOCALE must be nl or en, not {settings.locale!r}")
    if settings.secret_key and len(settings.secret_key) < LEAST_SECRET_LENGTH:
        raise SettingsError(
            f"{PREFIX}SECRET_KEY must be at least {LEAST_SECRET_LENGTH} random characters"
        )


def _as_federation(value: str) -> Federation:
    try:
        return Federation(value)
    except ValueError:
        raise SettingsError(f"{PREFIX}FEDERATION must be open, allowlist or off") from None


def _read_secret(data_dir: Path) -> str:
    """Return the secret that `init` made; "" before that."""
    path = data_dir / "secret"
    try:
        return path.read_text(encoding="ascii").strip() if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises SettingsError naming the variable that cannot work."""
    env = os.environ if environ is None else environ
    written = _written(env)
    port = listening_port(env)
    plain = {k.lower(): v for k, v in written.items() if k in _names() and v != ""}
    data_dir = Path(plain.get("data_dir", "var")).resolve()
    proxies = "trusted_proxies"
    values: dict[str, object] = {
        **plain,
        "base_url": _checked_base_url(plain.get("base_url", f"http://localhost:{port}")),
        "data_dir": data_dir,
        **{name: _as_bool(f"{PREFIX}{name.upper()}", plain.get(name, "0")) for name in _SWITCHES},
        "federation": _as_federation(plain.get("federation", "open")),
        proxies: _as_count(f"{PREFIX}TRUSTED_PROXIES", plain.get(proxies, "0")),
        "secret_key": plain.get("secret_key") or _read_secret(data_dir),
        "oidc": {k: v for k, v in written.items() if _is_oidc(k)},
    }
    settings = Settings(**values)  # type: ignore[arg-type]  # names were filtered above
    _check_choices(settings)
    _check_addresses(settings)
    return settings


_providers: list[Callable[[], Settings]] = []


def provide_settings(provider: Callable[[], Settings]) -> None:
    """Tell how to find the current application's settings; no framework is imported here."""
    _providers[:] = [provider]


def current_settings() -> Settings:
    """Return the settings of the application whose context is active."""
    return _providers[-1]()
