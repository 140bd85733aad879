"""The gate: planted regressions fail it, a harness that lies fails it for the right reason, and what cannot be judged
is invalid. All through the command line, over the sample articles.
"""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import tiny as sample
from console import valid

from bot import build, cite
from bot.answer import Bot
from bot.cli.main import run
from bot.conversation import Citation, Quote, Sentence
from bot.reading import FakeReader, Reading
from bot.settings import Settings
from bot.writers import FakeWriter
from evals import checks
from evals.find import shipped
from evals.scoring import Asked
from evals.suite import case_files
from store import formats
from store import search as searching
from store.formats import Article
from store.passage import Filters, Found, Query

# Of the starter suite: a few plain questions and some to be refused.
FEW = """
    mine-last-man mine-drill notre-dame-hurt neutrinos-coordinator titanic-tonnage suez-owner higgs-how-told
    mh370-beacons
    outside-world-cup outside-sourdough outside-mongolia outside-rates titanic-fare ebola-mona-lisa
""".split()
# More of both, and questions that lean on meaning or on an article's last paragraph.
MANY = [
    *FEW,
    *"""
    meteor-width mine-shaft-and-bore notre-dame-deduction scotland-register ash-protest mh370-new-zone
    neutrinos-clocks-and-cable notre-dame-inquiry-size challenger-cabin fukushima-zone-steps mh370-captain-family
    oil-spill-resignation apollo-far-side titanic-orchestra titanic-cable-ship oil-spill-rig-owner
    oil-spill-settlement oil-spill-wrong-paper
""".split(),
]
QUESTION = "How much did the repairs to the mill's wheel cost?"


@dataclass(frozen=True)
class Gated:
    """How a gate ended: its exit code and its JSON."""

    code: int
    value: dict[str, Any]

    def fell(self, rule: str) -> set[str]:
        """The metrics by which a rule was broken."""
        return {reason["metric"] for reason in self.value["reasons"] if reason["rule"] == rule}


def part(folder: Path, chosen: list[str], articles: str = "*") -> Path:
    """Some cases of the starter suite over its articles of some names, with today's product as the baseline."""
    starter = shipped() / "starter"
    (folder / "corpus").mkdir()
    for article in (starter / "corpus").glob(articles):
        shutil.copy(article, folder / "corpus")
    (folder / "suite.toml").write_text('name = "part"\nabout = "A part of starter."\ncorpus = "corpus"\n')
    cases = [case for file in case_files(starter) for case in tomllib.loads(file.read_text())["case"]]
    held = {case["id"]: case for case in cases if case["id"] in chosen}
    assert not set(chosen) - held.keys(), "the starter suite has lost a case that the gate is tried on"
    (folder / "cases.jsonl").write_text("".join(json.dumps(case, default=str) + "\n" for case in held.values()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_HOME", str(folder / "home"))
        assert run(["eval", "accept", str(folder), "--why", "Tests", "-q"]) == 0
    return folder


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FEW over the articles of the stories that they ask of, whose names begin with these letters."""
    return part(tmp_path_factory.mktemp("few"), FEW, "[ehmnst]*")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MANY over all articles."""
    return part(tmp_path_factory.mktemp("many"), MANY)


@pytest.fixture
def gate(capsys: pytest.CaptureFixture[str]) -> Callable[..., Gated]:
    def gated(folder: Path, *options: str) -> Gated:
        capsys.readouterr()
        code = run(["eval", "gate", str(folder), "--json", "-q", *options])
        return Gated(code, valid(json.loads(capsys.readouterr().out), "eval-gate"))

    return gated


Gate = Callable[[Path], Gated]


def test_today_s_product_passes_its_own_baseline(suite: Path, gate: Gate) -> None:
    done = gate(suite)
    assert (done.code, done.value["outcome"], done.value["reasons"]) == (0, "passed", [])
    assert done.value["baseline"] is True and done.value["broken"] == done.value["mended"] == []


# -- planted regressions -----------------------------------------------------------------------------


@pytest.mark.torture
def test_a_dense_index_that_no_longer_counts_fails_the_gate(
    many: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "DENSE", 0.0)
    done = gate(many)
    assert done.code == 6 and done.fell("interval") & {"shown", "document", "facts", "citation_recall"}, done


def test_quotes_that_nobody_looks_up_fail_the_gate(suite: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def believed(self: cite.Citer, line: str) -> Sentence:
        """The words as they were written, said to stand where the passage begins."""
        words, _, place = line.rpartition(" [")
        passage = self.passages[int(place.rstrip("]\n")) - 1]
        quote = Quote(passage.document.id, passage.document.version, passage.start, passage.start + len(words), words)
        self.citations.append(Citation(len(self.citations) + 1, quote, passage.document))
        self.sentences.append(Sentence(words, (len(self.citations),), "quoted"))
        return self.sentences[-1]

    monkeypatch.setattr(cite.Citer, "cite", believed)
    done = gate(suite)
    assert done.code == 6 and "quotes" in done.fell("floor"), done


def test_a_threshold_that_never_refuses_fails_the_gate(
    suite: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_ANSWER_AT", "0")
    monkeypatch.setenv("FOOTNOTE_REFUSE_BELOW", "0")
    done = gate(suite)
    assert done.code == 6 and "passed" in done.fell("interval"), done
    assert {"outside-sourdough", "outside-mongolia"} <= set(done.value["broken"])


@pytest.mark.torture
def test_a_reader_that_drops_the_last_paragraph_fails_the_gate(
    many: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = formats.parts

    def cropped(path: Path, data: bytes, **named: Any) -> Iterator[Article]:
        for article in real(path, data, **named):
            text = article.text.rstrip()
            text = text[: text.rfind("\n\n") + 1]
            yield replace(article, text=text, spans=tuple(span for span in article.spans if span.end <= len(text)))

    monkeypatch.setattr(formats, "parts", cropped)
    done = gate(many)
    assert done.code == 6 and "mh370-beacons" in done.value["broken"], done
    assert done.fell("interval") & {"facts", "shown", "document"}, done


# -- the harness ---------------------------------------------------------------------------------------


def harness(monkeypatch: pytest.MonkeyPatch, change: Callable[[Bot], None]) -> None:
    """Puts something else into every bot."""
    real = build.bot

    def made(settings: Settings, where: Path, notice: Callable[[str], None], **named: Any) -> Bot:
        bot = real(settings, where, notice, **named)
        change(bot)
        return bot

    monkeypatch.setattr(build, "bot", made)


def unread(bot: Bot) -> None:
    """Gives a bot a reader that costs nothing: the ranking is judged, whatever is read."""
    bot.reader = FakeReader()


@pytest.mark.torture
def test_a_lexical_index_that_no_longer_counts_fails_by_the_ranking(
    many: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "DENSE", 1.0)
    harness(monkeypatch, unread)
    done = gate(many)
    assert done.code == 6 and {"R@8", "nDCG@10"} & done.fell("interval"), done


@pytest.mark.torture
def test_a_retriever_that_draws_by_chance_fails_by_its_ranking(
    many: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = random.Random(7)

    def change(bot: Bot) -> None:
        record = bot.corpus._record
        ids = sorted(record.allowed(Filters(outlets=("Sample Wire", "Sample Daily"))) or {})

        def search(query: Query) -> Found:
            return Found(tuple(record.passages(drawn.sample(ids, query.k))))

        monkeypatch.setattr(bot.corpus, "search", search)
        unread(bot)

    harness(monkeypatch, change)
    done = gate(many)
    assert done.code == 6 and {"R@8", "Success@1", "nDCG@10"} <= done.fell("interval"), done


@pytest.mark.torture
def test_a_reader_that_turns_the_list_round_fails_by_what_stands_first(
    many: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(bot: Bot) -> None:
        real = bot.reader.read

        def read(query: Query, found: Found) -> Reading:
            reading = real(query, found)
            return replace(reading, found=replace(reading.found, passages=reading.found.passages[::-1]))

        monkeypatch.setattr(bot.reader, "read", read)

    harness(monkeypatch, change)
    done = gate(many)
    assert done.code == 6 and {"Success@1", "RR"} <= done.fell("interval"), done
    assert "R@8" not in done.fell("interval")


def invent(bot: Bot) -> None:
    """Gives a bot a writer that makes quotes up, under the name of the one that wrote the baseline."""
    writer = FakeWriter(["Nobody saw the balloon leave, the harbour master said. [1]\n"], verbatim=True)
    writer.name = bot.writer.name
    bot.writer = writer


@pytest.mark.torture
def test_a_writer_that_invents_quotes_shows_none_and_fails_by_what_it_does_not_say(
    many: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness(monkeypatch, invent)
    done = gate(many)
    assert done.code == 6 and {"facts", "document"} <= done.fell("interval"), done
    assert done.value["metrics"]["quotes"]["mean"] == 1.0 and not done.fell("floor")


def test_one_that_always_refuses_fails_by_the_questions_that_it_could_answer(
    suite: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_ANSWER_AT", "1")
    monkeypatch.setenv("FOOTNOTE_REFUSE_BELOW", "1")
    done = gate(suite)
    assert done.code == 6 and {"outcome", "facts", "document", "passed"} <= done.fell("interval"), done
    assert not set(done.value["broken"]) & {"outside-sourdough", "outside-mongolia"}


def test_one_that_never_refuses_fails_by_the_questions_that_it_should_not_answer(
    suite: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness(monkeypatch, lambda bot: setattr(bot, "settings", replace(bot.settings, answer_at=0.0, refuse_below=0.0)))
    done = gate(suite)
    assert done.code == 6 and "passed" in done.fell("interval") and "facts" not in done.fell("interval"), done
    assert any(reason["cases"] for reason in done.value["reasons"])


def test_a_check_that_raises_is_exit_7(tmp_path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(asked: Asked) -> float | None:
        raise ZeroDivisionError("by zero")

    sample.write(tmp_path)
    monkeypatch.setitem(checks.CHECKS, "shown", broken)  # type: ignore[arg-type]
    done = gate(tmp_path)
    assert done.code == 7 and done.value["error"]["code"] == "eval_invalid"
    assert "first mill-cost (the check shown raised ZeroDivisionError: by zero)" in done.value["error"]["message"]
