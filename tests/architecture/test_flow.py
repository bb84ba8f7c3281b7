"""Who may commit, who opens sockets, who reads the environment, and what nobody is called."""

import ast
import re
from pathlib import Path

from tests.architecture.source import ROOT, dotted, imported, kept_files, modules, tree

ONLY_COMMITS = {"app/core/db.py"}
# A unit of work is opened where work begins; these write the bookkeeping of their own.
OPENS_UNITS = re.compile(
    r"app/commands/|.*/views/|.*/views\.py|.*tasks\.py|app/accounts/security|app/core/|app/worker\.py"
    r"|federation/(transport|outbound|inbound|dereference)/|feeds/ingest/"
)
SOCKET_MODULES = {
    "socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp",
    "ftplib", "smtplib", "telnetlib", "asyncio",
}  # fmt: skip
# The one way out with its parts, and mail, which has its own protocol.
ONE_WAY_OUT = re.compile(r"app/core/(http_[a-z]+|address_guard)\.py")
MAIL = {"app/core/mail.py", "app/core/mail_tasks.py", "app/core/mail_sending.py"}
BANNED_NAMES = {
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "base", "data",
    "info", "process",
}  # fmt: skip
ROOT_FILES = {
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "FEDERATION.md", "CHANGELOG.md", "LICENSE",
    "pyproject.toml", "run.sh", "docker-compose.yml", "Dockerfile", "constraints.txt", "babel.cfg",
    ".pre-commit-config.yaml", ".gitignore", ".ci", "docs", "changes.d", "migrations", "tests",
    "app", "federation", "feeds", "directory",
}  # fmt: skip


def _calls(path: Path) -> list[str]:
    return [dotted(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def test_only_the_unit_of_work_commits() -> None:
    found = {
        str(path) for path in modules() if any(call.endswith(".commit") for call in _calls(path))
    }

    assert found == ONLY_COMMITS


def test_units_of_work_are_opened_where_work_begins() -> None:
    found = {str(path) for path in modules() if "unit_of_work" in _calls(path)}

    assert {
        path for path in found if not OPENS_UNITS.fullmatch(path) and not OPENS_UNITS.match(path)
    } == set()
    assert not {path for path in found if "/services" in path or "/queries" in path}


def test_sockets_are_opened_in_one_room() -> None:
    used = {
        (str(path), module)
        for path in modules()
        for name in imported(path)
        for module in SOCKET_MODULES
        if name == module or name.startswith(f"{module}.")
    }

    elsewhere = {(path, module) for path, module in used if not ONE_WAY_OUT.fullmatch(path)}
    assert {(p, m) for p, m in elsewhere if p not in MAIL or m not in {"smtplib", "ssl"}} == set()


def test_no_name_says_nothing() -> None:
    named = {
        name
        for name in kept_files()
        if name.endswith(".py") and {Path(name).stem, *Path(name).parts[:-1]} & BANNED_NAMES
    }

    assert named == set()


def test_nothing_new_stands_in_the_root() -> None:
    found = {name.split("/")[0] for name in kept_files()}

    assert found <= ROOT_FILES


def test_packages_are_empty_at_their_door() -> None:
    doors = [ROOT / name / "__init__.py" for name in ("app", "federation", "feeds", "directory")]

    bodies = [tree(door.relative_to(ROOT)).body for door in doors]

    assert all(len(body) == 1 and isinstance(body[0], ast.Expr) for body in bodies)


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path) for path in modules() if ast.get_docstring(tree(path)) is None]

    assert silent == []
