"""Settings: environment over file over default, and a clear word about what cannot work."""

from pathlib import Path

import pytest

from app.core.settings import (
    Federation,
    Settings,
    SettingsError,
    list_unknown,
    listening_port,
    load_settings,
)

SECRET = "s" * 40


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a settings file."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(**given: str) -> Settings:
    return load_settings({f"VERBINDPLAATS_{name}": value for name, value in given.items()})


def test_without_any_setting_the_defaults_of_the_contract_hold(tmp_path: Path) -> None:
    settings = load_settings({})

    assert settings.base_url == "http://localhost:8000"
    assert settings.data_dir == tmp_path / "var"
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path}/var/verbindplaats.sqlite"
    assert settings.sqlite_path == tmp_path / "var" / "verbindplaats.sqlite"
    assert settings.is_embedded_broker
    assert (settings.redis_url, settings.mail_url, settings.secret_key) == ("", "", "")
    assert (settings.allow_private_addresses, settings.trusted_proxies) == (False, 0)
    assert (settings.locale, settings.federation) == ("nl", Federation.OPEN)


def test_the_base_url_follows_the_port() -> None:
    assert load_settings({"PORT": "8123"}).base_url == "http://localhost:8123"
    assert load_settings({"PORT": ""}).base_url == "http://localhost:8000"
    assert listening_port({"PORT": "8123"}) == 8123


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8000.0", "٣"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(SettingsError, match=r"^PORT must be a port such as 8000"):
        load_settings({"PORT": port})


@pytest.mark.parametrize(
    ("given", "kept", "host"),
    [
        ("https://Verbind.Example", "https://verbind.example", "verbind.example"),
        ("https://verbind.example/", "https://verbind.example", "verbind.example"),
        ("https://verbind.example:443", "https://verbind.example", "verbind.example"),
        ("http://verbind.example:80/", "http://verbind.example", "verbind.example"),
        ("http://verbind.example:443", "http://verbind.example:443", "verbind.example:443"),
        ("https://verbind.example:8443", "https://verbind.example:8443", "verbind.example:8443"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001", "127.0.0.1:8001"),
        ("http://[::1]:8001", "http://[::1]:8001", "[::1]:8001"),
        ("https://xn--nl-nia.example", "https://xn--nl-nia.example", "xn--nl-nia.example"),
    ],
)
def test_a_base_url_has_one_form(given: str, kept: str, host: str) -> None:
    settings = load(BASE_URL=given)

    assert (settings.base_url, settings.host) == (kept, host)


GOOD = {
    "DATABASE_URL": "postgresql+psycopg://u:p@db/verbind",
    "BROKER_URL": "rediss://redis:6379/0",
    "REDIS_URL": "redis://redis:6379/1",
    "SECRET_KEY": SECRET,
    "MAIL_URL": "smtps://u:p@mail.example:465",
    "MEDIA_URL": "s3://bucket",
    "LOCALE": "en",
    "SITE_NAME": "Onderwijsplein",
    "CONTACT_EMAIL": "beheer@school.example",
    "MAIL_FROM": "plein@school.example",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_value_is_taken(name: str) -> None:
    assert getattr(load(**{name: GOOD[name]}), name.lower()) == GOOD[name]


BAD = [
    ("BASE_URL", "verbind.example"),
    ("BASE_URL", "ftp://verbind.example"),
    ("BASE_URL", "https://"),
    ("BASE_URL", "https://verbind.example/forum"),
    ("BASE_URL", "https://verbind.example?x=1"),
    ("BASE_URL", "https://verbind.example#top"),
    ("BASE_URL", "https://me@verbind.example"),
    ("BASE_URL", "https://verbind.example:port"),
    ("BASE_URL", "https://verbind.example:99999"),
    ("BASE_URL", "https://[::1"),
    ("BASE_URL", "https://één.example"),
    ("DATABASE_URL", "mysql://db/verbind"),
    ("DATABASE_URL", "postgresql://db/verbind"),
    ("DATABASE_URL", "sqlite://"),
    ("BROKER_URL", "amqp://rabbit"),
    ("BROKER_URL", "redis://:wachtwoord@"),
    ("REDIS_URL", "memcached://cache"),
    ("REDIS_URL", "redis://cache:99999"),
    ("SECRET_KEY", "kort"),
    ("MAIL_URL", "mail.example:25"),
    ("MAIL_URL", "smtp://user:wachtwoord@mail.example:poort"),
    ("MEDIA_URL", "/srv/media"),
    ("LOCALE", "fr"),
    ("FEDERATION", "closed"),
    ("ALLOW_PRIVATE_ADDRESSES", "misschien"),
    ("TRUSTED_PROXIES", "yes"),
    ("TRUSTED_PROXIES", "-1"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_name_without_telling_a_password(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as told:
        load(**{name: value})

    assert f"VERBINDPLAATS_{name}" in str(told.value)
    assert "wachtwoord" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("word", "meaning"), [("1", True), ("True", True), ("yes", True), ("0", False), ("no", False)]
)
def test_a_switch_may_be_written_in_words(word: str, meaning: bool) -> None:
    assert load(ALLOW_PRIVATE_ADDRESSES=word).allow_private_addresses is meaning


def test_proxies_are_counted() -> None:
    assert load(TRUSTED_PROXIES="2").trusted_proxies == 2


def test_providers_of_sign_in_are_kept_together() -> None:
    assert load(OIDC_SURF_URL="https://surf.example").oidc == {
        "OIDC_SURF_URL": "https://surf.example"
    }


def test_the_environment_goes_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    file = tmp_path / "verbindplaats.toml"
    file.write_text('site_name = "Plein"\nlocale = "en"\nallow_private_addresses = true\n')

    settings = load(LOCALE="nl")

    assert (settings.site_name, settings.locale) == ("Plein", "nl")
    assert settings.allow_private_addresses


def test_an_empty_variable_switches_the_line_in_the_file_off(tmp_path: Path) -> None:
    (tmp_path / "verbindplaats.toml").write_text('redis_url = "redis://cache:6379/1"\n')

    assert load(REDIS_URL="").redis_url == ""


def test_another_file_may_be_named(tmp_path: Path) -> None:
    file = tmp_path / "elders.toml"
    file.write_text("trusted_proxies = 1\n")

    assert load(CONFIG=str(file)).trusted_proxies == 1


@pytest.mark.parametrize("content", [b"site_name = ", b"\xff\xfe", b"[mail]\nurl = 'x'\n"])
def test_a_file_that_makes_no_sense_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "verbindplaats.toml").write_bytes(content)

    with pytest.raises(SettingsError, match=r"verbindplaats\.toml"):
        load_settings({})


def test_the_secret_of_the_data_directory_is_used_when_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")

    assert load(DATA_DIR=str(tmp_path)).secret_key == SECRET
    assert load(DATA_DIR=str(tmp_path), SECRET_KEY="t" * 40).secret_key == "t" * 40


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff" * 40)

    with pytest.raises(SettingsError, match=r"secret cannot be read"):
        load(DATA_DIR=str(tmp_path))


def test_a_relative_database_file_is_found_from_any_directory(tmp_path: Path) -> None:
    settings = load(DATABASE_URL="sqlite:///hier.sqlite")

    assert settings.sqlite_path == tmp_path / "hier.sqlite"
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path}/hier.sqlite"


def test_a_server_elsewhere_has_no_database_file() -> None:
    assert load(DATABASE_URL=GOOD["DATABASE_URL"]).sqlite_path is None


def test_names_that_mean_nothing_are_told(tmp_path: Path) -> None:
    (tmp_path / "verbindplaats.toml").write_text('lokale = "en"\n')
    environ = {"VERBINDPLAATS_FEDERATON": "off", "VERBINDPLAATS_LOCALE": "nl", "PATH": "/bin"}

    assert list_unknown(environ) == ["VERBINDPLAATS_FEDERATON", "VERBINDPLAATS_LOKALE"]
