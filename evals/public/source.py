"""The files of the public sets: their folder, their reading, and their texts as a folder of articles.

The sets are not part of the project: their folder is named by FOOTNOTE_BENCHMARKS. What is made of them (articles
and an index) is kept under the data folder, so that a second run does not read them anew.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import EvalInvalid
from bot.settings import paths
from evals.case import Case

FOLDER = "FOOTNOTE_BENCHMARKS"
STAMP = ".stamp"  # beside the articles: the files they were written from, each with its size and time
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Article:
    """One text of a set as it is ingested; `name` becomes the file's name, `published` is an ISO day."""

    name: str
    title: str
    text: str
    outlet: str | None = None
    published: str | None = None

    @property
    def file(self) -> str:
        """The path inside the corpus, by which cases and rankings name it."""
        return f"{self.name}.md"

    def written(self) -> str:
        """The article as a Markdown file, with front matter where there is any."""
        facts = {"title": self.title, "outlet": self.outlet, "published": self.published}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in facts.items() if value]
        head = f"---\n{''.join(lines)}---\n" if lines else ""
        return f"{head}{self.text}\n"


Part = tuple[Iterable[Article], Iterable[Case]]  # articles, and questions of which each is about some of them


def file(name: str) -> Path:
    """A file of the public sets. Raises EvalInvalid, which names what is missing."""
    folder = os.environ.get(FOLDER, "")
    if not folder:
        of_set = name.partition("/")[0]
        raise EvalInvalid(f"{FOLDER} is not set, so there is no {of_set}.", "Set it to the public sets' folder.")
    path = Path(folder, name)
    if not path.is_file():
        raise EvalInvalid(f"There is no file {path}.", f"{FOLDER} must name the folder of the public sets.")
    return path


def lines(path: Path) -> Iterator[Any]:
    """The JSON values of a file, one a line; a line that is none is an EvalInvalid that names it."""
    with path.open(encoding="utf-8") as opened:
        for number, line in enumerate(opened if path.suffix == ".jsonl" else [opened.read()], 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise EvalInvalid(f"{path}, line {number}: this is not JSON ({error}).") from error


def each(name: str, make: Callable[[Any], T]) -> Iterator[T]:
    """What `make` makes of each line of a set's file, or of the value of a .json file. Raises EvalInvalid.

    A file that is missing, is no JSON or is in another shape than its set's is named.
    """
    path = file(name)
    for row in lines(path):
        with shaped(path):
            made = make(row)
        yield made


@contextmanager
def shaped(path: Path) -> Iterator[None]:
    """Turns what a file in another shape than its set's causes into an EvalInvalid that names the file."""
    try:
        yield
    except KeyError as error:
        raise EvalInvalid(f"{path} is not in the shape of its set: it lacks the key {error}.") from error
    except (TypeError, AttributeError, IndexError, ValueError) as error:
        raise EvalInvalid(f"{path} is not in the shape of its set ({error}).") from error


def place(name: str) -> Path:
    """The folder that keeps what is made of one set."""
    return paths().data / "public-sets" / name


def write(name: str, articles: Iterable[Article], sources: Sequence[Path]) -> Path:
    """The folder of a set's articles, written where it is not there yet or a source file has changed.

    It appears whole or not at all: it is written beside its place and renamed. Raises EvalInvalid.
    """
    folder = place(name) / "articles"
    kept, stats = place(name) / STAMP, [(path, path.stat()) for path in sources]
    stamp = "".join(f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}\n" for path, stat in stats)
    if folder.is_dir() and kept.is_file() and kept.read_text() == stamp:
        return folder
    part = place(name) / "articles.part"
    try:
        kept.unlink(missing_ok=True)
        for old in (part, folder):
            shutil.rmtree(old, ignore_errors=True)
        part.mkdir(parents=True)
        for article in articles:
            (part / article.file).write_text(article.written(), encoding="utf-8", errors="replace")
        part.rename(folder)
        kept.write_text(stamp)
    except OSError as error:
        raise EvalInvalid(
            f"The articles of public/{name} cannot be written to {folder}: {error.strerror or error}.",
            "Free some space, or set FOOTNOTE_HOME to a folder with room.",
        ) from error
    return folder
