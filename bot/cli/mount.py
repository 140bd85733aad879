"""The one way from the command line to the evals, taken when an eval command or the chat's `p` asks for it."""

from typing import Any

from typer import Typer
from typer.core import TyperGroup


class Group(TyperGroup):
    """The eval commands, loaded when one of them is named or listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        from typer.main import get_command

        from evals.cli import app

        if not self.commands:
            loaded: Any = get_command(app)
            self.commands.update(loaded.commands)


app = Typer(cls=Group, help="Regression suites of grounded questions.", rich_markup_mode=None, no_args_is_help=True)


def pin(*turn: Any) -> Any:
    """A turn of the chat as an eval case: see `evals.cli.pinned`."""
    from evals.cli import pinned

    return pinned(*turn)
