"""Walking a root: the files to read in it, the reasons against others, and reading one without leaving the root."""

import errno
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from store import formats
from store.errors import BadPath
from store.formats import Unreadable
from store.formats.manifest import NAMES, Manifest, parsed

PAGE_PART = "saved-page"  # in a count of files that are passed over: those in the folders of saved pages

_PAGE = (".html", ".htm", ".xhtml")
_PAGE_FOLDER = re.compile(
    r"(.+?)(?:[ _-](?:files?|dateien|fichiers|archivos|arquivos|ficheiros|bestanden|filer|pliki|soubory|tiedostot|"
    r"elemei|dosyalar|файлы)|\.fld)",
    re.IGNORECASE,
)
"""The name of the folder that a browser or an office program puts beside a page that it saves, in its user's tongue."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file without an article, or with something odd about it: its path and the reason."""

    path: str
    reason: str


@dataclass(slots=True)
class Walk:
    """The yield of a walk over a root, or a part of it."""

    files: list[str] = field(default_factory=list)  # paths inside the root, in order; "" for a root that is one file
    skipped: list[Skipped] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)  # files of other kinds, by suffix or PAGE_PART
    closed: list[str] = field(default_factory=list)
    """Paths that could not be looked into: nothing in there counts as vanished."""

    def skip(self, inside: str, reason: str) -> None:
        self.skipped.append(Skipped(shown(inside or "."), reason))


def walk(root: Path, below: str = "") -> Walk:
    """Finds the files of a root, or of the part `below`; links to folders and hidden entries are not followed."""
    if (root / below).is_file():
        if Path(root, below).name not in NAMES:
            return Walk([below])
        found = Walk()
        found.skip(below or root.name, "it is a manifest: it tells of the files beside it; ingest those")
        return found
    found, folders = Walk(), [below]
    while folders:
        inside = folders.pop()
        try:
            with os.scandir(root / inside) as entries:
                listed = sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
        except OSError as error:
            found.closed.append(inside)
            found.skip(inside, f"the folder cannot be opened ({cause(error)})")
            continue
        inner: list[str] = []
        pages = {path.stem.lower() for path in (Path(entry.name) for entry in listed) if path.suffix.lower() in _PAGE}
        for entry in listed:
            path = Path(inside, entry.name)
            try:
                if entry.is_dir(follow_symlinks=False):
                    of_page = _PAGE_FOLDER.fullmatch(entry.name)
                    if of_page and of_page[1].lower() in pages:
                        found.ignored[PAGE_PART] += sum(len(files) for _, _, files in os.walk(root / path))
                    else:
                        inner.append(str(path))
                elif entry.name in NAMES:
                    continue
                elif path.suffix.lower() in formats.suffixes() or (entry.is_symlink() and (root / path).is_dir()):
                    _check(entry, str(path), root)
                    found.files.append(str(path))
                else:
                    found.ignored[path.suffix.lower() or entry.name] += 1
            except Unreadable as reason:
                found.skip(str(path), str(reason))
            except OSError as error:
                found.closed.append(str(path))
                found.skip(str(path), f"it cannot be looked at ({cause(error)})")
        folders += reversed(inner)
    return found


def _check(entry: os.DirEntry[str], path: str, root: Path) -> None:
    """Raises Unreadable for a directory entry that is not read, and OSError where it cannot be looked at."""
    if entry.is_symlink() and (root / path).is_dir():
        raise Unreadable("it is a link to a folder, and those are not followed")
    if unsayable(path):
        raise Unreadable("its name is not valid UTF-8; rename it")
    if entry.is_symlink():
        try:
            real = (root / path).resolve(strict=True)
        except (FileNotFoundError, RuntimeError):
            raise Unreadable("it is a link that leads nowhere or back to itself") from None
        if not real.is_relative_to(root):
            raise Unreadable("it is a link that leads out of the root")
    mode = entry.stat().st_mode
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder"}
        raise Unreadable(f"it is {kinds.get(stat.S_IFMT(mode), 'a device')}, not a file")


def manifests(root: Path, folder: str) -> tuple[list[Manifest], list[Skipped], list[Skipped]]:
    """The manifests that lie in a folder of a root, the reasons against others, and what is odd about them.

    Beside a root that is one file they lie in the folder of that file.
    """
    base = root.parent if root.is_file() else root
    read, skipped, odd = list[Manifest](), list[Skipped](), list[Skipped]()
    for name in NAMES:
        inside = str(Path(folder, name))
        if not (base / inside).is_file():
            continue
        try:
            manifest = parsed(name, read_file(base, inside)[1])
        except (Unreadable, OSError) as error:
            reason = f"it cannot be read ({cause(error)})" if isinstance(error, OSError) else str(error)
            skipped.append(Skipped(shown(inside), f"{reason}; nothing was taken from this manifest"))
            continue
        read.append(manifest)
        gone = [name for name in manifest.places if "*" not in name and not _is_there(base / folder / name)]
        complaints = [*manifest.complaints, *(f"{manifest.places[name]}: there is no file {name}" for name in gone)]
        odd += [Skipped(shown(inside), complaint) for complaint in complaints]
    return read, skipped, odd


def _is_there(path: Path) -> bool:
    """Whether there is a file of a name that somebody wrote."""
    try:
        return path.exists()
    except (OSError, ValueError):  # no file can have that name
        return False


def read_file(root: Path, inside: str) -> tuple[str, bytes]:
    """The stamp and the bytes of a file in a root, at most as many as its format allows.

    Each folder on its real path is opened in the one before without following links, so that a link swapped in
    meanwhile leads nowhere. Raises Unreadable, or OSError.
    """
    base = os.path.realpath(root)
    parts = Path(os.path.relpath(os.path.realpath(root / inside, strict=True), base)).parts
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        if os.pardir in parts:
            raise NotADirectoryError(errno.ENOTDIR, "outside of the root")
        descriptor = os.open(base, flags)
        for part in parts:
            folder = descriptor
            try:
                descriptor = os.open(part, flags, dir_fd=folder)
            finally:
                os.close(folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Unreadable("it turned into a link that leads elsewhere while it was read") from error
        raise
    with os.fdopen(descriptor, "rb") as file:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise Unreadable("it turned into something that is not a file while it was read")
        return stamp_of(info), file.read(formats.check_size(Path(inside or root.name), info.st_size) + 1)


def stamp_of(info: os.stat_result) -> str:
    """The sign of an unchanged file that needs no reading: how it would be read, its size and its times."""
    return f"r{formats.VERSION}:{info.st_size}:{info.st_mtime_ns}:{info.st_ctime_ns}"


def checked_root(path: Path) -> Path:
    """A path that can be a root, without `~`, `..` and links, so that one folder is one root. Raises BadPath."""
    try:
        path = path.expanduser().resolve()
        exists, is_folder = path.exists(), path.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise BadPath(f"{path} cannot be followed: {error}.", "Check the path.") from error
    if unsayable(str(path)):
        raise BadPath(f"The name of {shown(str(path))} is not valid UTF-8.", "Rename it.")
    if not exists:
        raise BadPath(f"There is nothing at {path}.", "Check the path.")
    if not is_folder and not path.is_file():
        raise BadPath(f"{path} is neither a folder nor a file of text.", "Name a folder of articles.")
    if path.is_file() and path.suffix.lower() not in formats.suffixes():
        known = ", ".join(formats.readable())
        raise BadPath(f"{path} is not a kind of file that Footnote reads.", f"It reads: {known}")
    return path


def cause(error: OSError) -> str:
    """The system's words for an error."""
    return (error.strerror or "input error").lower()


def unsayable(name: str) -> bool:
    """Whether a file's name holds bytes that are not UTF-8, which the record cannot keep."""
    return any("\ud800" <= letter <= "\udfff" for letter in name)


def shown(name: str) -> str:
    """A path for a summary: valid UTF-8, the middle of a very long one left out."""
    name = name.encode("utf-8", "replace").decode("utf-8")
    return name if len(name) <= 400 else f"{name[:200]}…{name[-199:]}"
