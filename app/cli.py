"""The `verbindplaats` command group; each command's module is loaded when it is called.

The supervisor (`serve`) imports no application code, so it stays small and starts at once.
"""

import importlib
from typing import Final

import click

COMMANDS: Final = {
    "init": "app.commands.init:init",
    "serve": "app.commands.serve:serve",
    "worker": "app.commands.worker:worker",
    "scheduler": "app.commands.worker:scheduler",
    "user": "app.commands.user:user",
    "community": "app.commands.forum:community",
    "post": "app.commands.forum:post",
    "comment": "app.commands.forum:comment",
    "follow": "app.commands.follow:follow",
    "feed": "app.commands.feed:feed",
    "directory": "app.commands.directory:directory",
    "federation": "app.commands.federation:federation",
    "backup": "app.commands.backup:backup",
    "restore": "app.commands.backup:restore",
    "doctor": "app.commands.doctor:doctor",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  Click's signature
        """Return all names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command called `cmd_name`."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, name = target.split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="verbindplaats", prog_name="verbindplaats")
def main() -> None:
    """Verbindplaats: a forum of groups, a directory and news for teacher educators."""
