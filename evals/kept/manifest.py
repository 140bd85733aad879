"""The manifest of a run: its settings, parts, prompts, versions and sources, by which two runs are the same or not."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import bot as answering
import evals
import prompts
import store
from bot.answer import Bot
from bot.settings import Settings
from evals.case import Case, Plan
from evals.kept.runs import SCHEMA
from evals.suite import Suite

PACKAGES = (
    "chromadb", "tantivy", "wordllama", "tokenizers", "numpy", "sentencex", "sqlalchemy", "langchain",
    "langchain-core", "langchain-openai", "langchain-anthropic", "langchain-ollama", "ir-measures", "scipy",
)  # fmt: skip
_PLACES = ("folder", "corpus", "missing")  # the fields of a suite that say where it lies, not what it asks


def manifest(
    suite: Suite, settings: Settings, plan: Plan, cases: Sequence[Case], bot: Bot, checks: tuple[str, ...]
) -> dict[str, Any]:
    """The manifest of a run that is about to begin."""
    stamps = {name: {"applied": one.applied, "passages": one.count} for name, one in bot.corpus.stamps().items()}
    return {
        "schema_version": SCHEMA, "suite": suite.name, "folder": str(suite.folder), "suite_sha256": suite_hash(suite),
        "cases": len(cases), "ids_sha256": _hash("\n".join(sorted(case.id for case in cases)).encode()),
        "model": bot.writer.name, "reader": bot.reader.id, "checker": bot.checker.id, "settings": asdict(settings),
        "prompts": {file.stem: _hash(file.read_bytes()) for file in _files(prompts.__file__, "*.md")},
        "embedder": settings.embedder, "index": {"embedder": bot.corpus.embedding.stamp, **stamps},
        "versions": _versions(), "source_sha256": source_hash(), "git": revision(), "checks": list(checks),
        "limit": plan.limit, "only": plan.only, "repeat": plan.repeat, "retrieval_only": plan.retrieval_only,
        "jobs": plan.jobs,
    }  # fmt: skip


def suite_hash(suite: Suite) -> str:
    """A hash of all that a suite asks: its cases, its rules and its articles, but not where they lie.

    Those of a live corpus come and go, and count with what was found in them.
    """
    asked = {field.name: getattr(suite, field.name) for field in fields(suite) if field.name not in _PLACES}
    asked["cases"] = [asdict(case) for case in suite.cases]
    corpus = None if suite.live else suite.corpus
    files = sorted(path for path in corpus.rglob("*") if path.is_file()) if corpus else []
    articles = [(str(path.relative_to(corpus or path)), _hash(path.read_bytes())) for path in files]
    return _hash(json.dumps([asked, articles], sort_keys=True, default=dict).encode())


def _versions() -> dict[str, str]:
    """Footnote's version, Python's and those of the packages that an answer passes through, where they are there."""
    found = {"footnote": answering.__version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def source_hash() -> str:
    """A hash of Footnote's own files: another program resumes no run."""
    files = [file for package in (answering, store, evals) for file in _files(package.__file__, "*.py")]
    files += _files(store.__file__, "*.t??")
    return _hash("".join(_hash(file.read_bytes()) for file in files).encode())


@cache
def revision() -> str | None:
    """The git revision of Footnote's folder, `-dirty` where it was changed since; None where it is no checkout."""
    home = Path(answering.__file__ or "").parent.parent
    if not (home / ".git").exists():
        return None
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        told = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # no git here: the sources' hash still tells
        return None
    return told.stdout.strip() or None


def _files(package: str | None, pattern: str) -> list[Path]:
    return sorted(Path(package or "").parent.rglob(pattern))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
