"""Suites by their names: those that travel with Footnote, one's own, the public sets, and any by its folder."""

from contextlib import suppress
from importlib import resources
from pathlib import Path

from bot.errors import EvalInvalid
from bot.settings import paths
from evals import public
from evals.suite import PUBLIC, Suite, read


def shipped() -> Path:
    """The folder of the suites that travel with Footnote."""
    return Path(str(resources.files("evals") / "suites"))


def own() -> Path:
    """The folder of the user's own suites, each in a folder of its name; it may not exist."""
    return paths().data / "evals" / "suites"


def suites() -> list[Suite]:
    """The suites that have a name: those shipped, one's own, the public sets. Raises EvalInvalid for a faulty one."""
    return [*map(read, _folders().values()), *(public.load(name, listed=True) for name in public.SETS)]


def load(name_or_path: str) -> Suite:
    """The suite of that name (shipped, one's own or `public/NAME`), or that in a folder. Raises EvalInvalid."""
    if name_or_path.startswith(PUBLIC):
        return public.load(name_or_path.removeprefix(PUBLIC))
    folders = _folders()
    folder = folders.get(name_or_path)
    with suppress(OSError, RuntimeError, ValueError):  # a name too long, ~ of a stranger, a NUL
        given = Path(name_or_path).expanduser()
        folder = folder or (given if name_or_path and given.is_dir() else None)
    if folder is not None:
        return read(folder)
    said = f"There is no suite {name_or_path!r}; the suites are {', '.join(folders) or 'none'}."
    raise EvalInvalid(said, "Name one of them, or the folder of your own.")


def _folders() -> dict[str, Path]:
    """The folders of suites by name; a shipped one hides an own one of the same name."""
    files = [file for home in (shipped(), own()) for file in sorted(home.glob("*/suite.toml"))]
    folders: dict[str, Path] = {}
    for file in files:
        folders.setdefault(file.parent.name, file.parent)
    return folders
