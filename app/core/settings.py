"""Typed settings: environment over `verbindplaats.toml` over defaults; nobody else reads it."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "VERBINDPLAATS_"
SOFTWARE_NAME = "verbindplaats"
SOFTWARE_VERSION = "0.1.0"
DEFAULT_PORT = 8000


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
    def sqlalchemy_url(self) -> str:
        """The database address, defaulting to SQLite in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'verbindplaats.sqlite'}"

    @property
    def is_embedded_broker(self) -> bool:
        """Whether the queue is kombu's filesystem transport in the data directory."""
        return not self.broker_url

    @property
    def user_agent(self) -> str:
        """How we name ourselves to every server we call (RFC 9110 section 10.1.5)."""
        return f"Verbindplaats/{SOFTWARE_VERSION} (+{self.base_url}/)"


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


def _checked_base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f"{PREFIX}BASE_URL must be http(s)://host[:port], not {value!r}")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise SettingsError(f"{PREFIX}BASE_URL may hold no path, query or user: {value!r}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _read_toml(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}") from error
    return {key.upper(): str(int(v) if isinstance(v, bool) else v) for key, v in content.items()}


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    names = {f.name.upper() for f in fields(Settings)} - {"OIDC", "TESTING"}
    toml = _read_toml(Path(environ.get(f"{PREFIX}CONFIG", "verbindplaats.toml")))
    env = {k.removeprefix(PREFIX): v for k, v in environ.items() if k.startswith(PREFIX)}
    return {k: v for k, v in {**toml, **env}.items() if k in names or k.startswith("OIDC_")}


def _choice_errors(settings: Settings) -> None:
    if settings.locale not in {"nl", "en"}:
        raise SettingsError(f"{PREFIX}LOCALE must be nl or en, not {settings.locale!r}")
    if settings.database_url and not settings.database_url.startswith(("sqlite:", "postgresql")):
        raise SettingsError(f"{PREFIX}DATABASE_URL must be sqlite or postgresql+psycopg")
    if settings.broker_url and not settings.broker_url.startswith(("redis://", "rediss://")):
        raise SettingsError(f"{PREFIX}BROKER_URL must be redis://…, or left out: embedded")
    if settings.mail_url and not settings.mail_url.startswith(("smtp://", "smtps://")):
        raise SettingsError(f"{PREFIX}MAIL_URL must be smtp://user:pass@host:port")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises SettingsError naming the variable that cannot work."""
    env = os.environ if environ is None else environ
    given = _given(env)
    port = env.get("PORT", str(DEFAULT_PORT))
    oidc = {k: v for k, v in given.items() if k.startswith("OIDC_")}
    plain = {k.lower(): v for k, v in given.items() if k not in oidc}
    values: dict[str, object] = dict(plain)
    values["base_url"] = _checked_base_url(plain.get("base_url") or f"http://localhost:{port}")
    values["data_dir"] = Path(plain.get("data_dir") or "var").resolve()
    values["allow_private_addresses"] = _as_bool(
        f"{PREFIX}ALLOW_PRIVATE_ADDRESSES", plain.get("allow_private_addresses", "0")
    )
    try:
        values["federation"] = Federation(plain.get("federation", "open"))
    except ValueError:
        raise SettingsError(f"{PREFIX}FEDERATION must be open, allowlist or off") from None
    values["trusted_proxies"] = _as_count(
        f"{PREFIX}TRUSTED_PROXIES", plain.get("trusted_proxies", "0")
    )
    secret = values["data_dir"] / "secret" if isinstance(values["data_dir"], Path) else None
    if not values.get("secret_key") and secret is not None and secret.is_file():
        values["secret_key"] = secret.read_text(encoding="ascii").strip()
    settings = Settings(**values, oidc=oidc)  # type: ignore[arg-type]  # names were filtered above
    _choice_errors(settings)
    return settings


_providers: list[Callable[[], Settings]] = []


def provide_settings(provider: Callable[[], Settings]) -> None:
    """Tell how to find the current application's settings; no framework is imported here."""
    _providers[:] = [provider]


def current_settings() -> Settings:
    """Return the settings of the application whose context is active."""
    return _providers[-1]()
