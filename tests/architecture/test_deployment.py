"""The container files fit the program: commands that exist, settings that are read, no root."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli import COMMANDS
from app.core.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
TAGGED = re.compile(r"[a-z0-9./-]+:[0-9][a-z0-9.-]*")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    joined = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


def test_all_services_of_an_installation_are_there(compose: dict[str, Any]) -> None:
    wanted = {"caddy", "web", "worker", "scheduler", "postgres", "redis"}

    assert set(compose["services"]) == wanted


def test_every_service_says_whether_it_is_healthy_and_comes_back(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["healthcheck"]["test"], name
        assert service["restart"] == "unless-stopped", name


def test_every_image_has_a_version_and_no_digest(
    compose: dict[str, Any], dockerfile: list[str]
) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += [line.split()[1] for line in dockerfile if line.startswith("FROM")]

    assert [image for image in images if not TAGGED.fullmatch(image)] == []


def test_every_setting_given_is_one_the_program_reads(compose: dict[str, Any]) -> None:
    known = {PREFIX + field.name.upper() for field in dataclasses.fields(Settings)}

    for service in compose["services"].values():
        given = {name for name in service.get("environment", {}) if name.startswith(PREFIX)}
        assert given <= known


def test_every_command_of_ours_exists(compose: dict[str, Any]) -> None:
    ours = [s["command"] for s in compose["services"].values() if "command" in s]

    for command in ours:
        if command[0] == "verbindplaats":
            assert command[1] in COMMANDS
        if command[0] == "gunicorn":
            assert command[-1] == "app.wsgi:app"


def test_every_volume_used_is_declared(compose: dict[str, Any]) -> None:
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }

    assert used == set(compose["volumes"])


def test_the_image_runs_without_root_and_serves(dockerfile: list[str]) -> None:
    last_stage = dockerfile[max(i for i, line in enumerate(dockerfile) if line[:4] == "FROM") :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER")]

    assert users == ["verbindplaats"]
    assert any(line.startswith("HEALTHCHECK") for line in last_stage)
    assert 'CMD ["verbindplaats", "serve"' in last_stage[-1]


def test_what_is_copied_into_the_image_is_there(dockerfile: list[str]) -> None:
    copied = [
        name
        for line in dockerfile
        if line.startswith("COPY") and "--from" not in line
        for name in line.split()[1:-1]
    ]

    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_wheel_holds_every_file_that_is_not_python() -> None:
    patterns = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    kinds = {"app/templates", "app/static", "app/translations", "directory/starter"}

    for kind in kinds:
        package, folder = kind.split("/")
        assert f'"{folder}/' in patterns
        assert (ROOT / package / folder).is_dir()
