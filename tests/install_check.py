"""Installs Footnote as a stranger would and uses it with no network. `make test-install` runs it.

Without arguments, from the checkout: builds the wheel, makes a fresh environment by `python -m venv` and its
own pip, installs the pins and the wheel there (this needs a package index), and hands over to
that environment's Python, which runs this file again with `--offline FOLDER`.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import os
import pkgutil
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "store", "prompts", "evals")
DEVELOPMENT = ("bot.commands.serve", "evals.bench", "evals.fit")  # may import what the run-time pins do not bring
ARTICLE = """---
title: Lighthouse to reopen in June
outlet: Sample Wire
published: 2024-05-03
---
The lighthouse at Carrow Point will reopen to visitors on June 1, the harbour trust said on Friday.

Repairs to the lamp room cost 48,000 pounds. Visitors will be able to climb all 112 steps again.
"""
QUESTION = "How much did the repairs to the lamp room of the lighthouse cost?"


def install(folder: Path) -> Path:
    """A fresh environment under the folder, with the pins and the wheel; its Python is returned."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "FOOTNOTE_", "VIRTUAL_ENV"))}

    def run(*command: str | Path) -> None:
        subprocess.run(command, cwd=ROOT, env=environment, check=True)

    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet")
    started = time.monotonic()
    run(*pip, "install", "--requirement", ROOT / "requirements" / "runtime.txt", wheel)
    print(f"installed by pip in {time.monotonic() - started:.0f} s")
    run(*pip, "check")
    return python


def isolation() -> list[str]:
    """The command that takes the network away from another, where this system lets us have it."""
    command = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True).returncode == 0:
        return command
    return []


def block_sockets() -> list[str]:
    """Any look at the network from this process, name lookups included, fails and is noted in the list."""
    noted: list[str] = []

    def refuse(*arguments: Any, **_: Any) -> Any:
        noted.append(repr(arguments))
        raise OSError("the network is off")

    socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
    for method in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, method, refuse)
    return noted


def modules() -> Iterator[str]:
    """Every module of ours that an installed Footnote may need."""
    for package in PACKAGES:
        yield package
        where = importlib.import_module(package).__path__
        for found in pkgutil.walk_packages(where, prefix=f"{package}."):
            if not found.name.startswith(DEVELOPMENT):
                yield found.name


def footnote(*arguments: str) -> str:
    """Runs a command in this process, where sockets are blocked; returns what it printed."""
    from bot.cli.main import main

    sys.argv = ["footnote", *arguments]
    out, code = io.StringIO(), None
    with contextlib.redirect_stdout(out):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert not code, f"footnote {' '.join(arguments)} exited {code}: {out.getvalue()}"
    return out.getvalue()


def use(folder: Path) -> None:
    """Imports everything, embeds, ingests, asks: in the fresh environment, with no network."""
    noted = block_sockets()
    os.environ["FOOTNOTE_HOME"] = str(folder / "home")
    names = list(modules())
    for name in names:
        file = importlib.import_module(name).__file__
        assert file and Path(file).is_relative_to(sys.prefix), f"{name} comes from {file}"
    print(f"imported {len(names)} modules from {sys.prefix}")

    from store import embed

    ((*vector,),) = embed.load("wordllama").matrix(["a lighthouse"])
    assert abs(sum(x * x for x in vector) - 1) < 1e-3
    print(f"embedded in {len(vector)} dimensions")

    articles = folder / "articles"
    articles.mkdir()
    (articles / "lighthouse.md").write_text(ARTICLE)
    started = time.monotonic()
    footnote("ingest", str(articles))
    answer = json.loads(footnote("ask", QUESTION, "--json"))
    assert "48,000 pounds" in answer["answer"], answer
    assert any("48,000 pounds" in citation["quote"] for citation in answer["citations"]), answer
    print(f"ingested and answered in {time.monotonic() - started:.1f} s: {answer['answer'].strip()}")

    handlers = logging.getLogger().handlers
    assert not handlers, f"the root logger has handlers: {handlers}"
    assert not noted, f"reached for the network: {noted}"
    print("no handler on the root logger, nothing sought on the network")


def main() -> None:
    if sys.argv[1:2] == ["--offline"]:
        use(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory(prefix="footnote-install-") as name:
        folder = Path(name).resolve()
        python = install(folder)
        cut = isolation()
        print("network off:", " ".join(cut) or "by blocked sockets alone", flush=True)
        # -I: neither this checkout nor the caller's settings are on the module path.
        command = [*cut, python, "-I", __file__, "--offline", folder]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_")}
        done = subprocess.run(command, cwd=folder, env=environment)
    if done.returncode:
        sys.exit("make test-install: failed")
    print("make test-install: passed")


if __name__ == "__main__":
    main()
