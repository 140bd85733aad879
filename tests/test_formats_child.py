"""The child that reads PDF and Word files: what breaks it costs one file, in bounded time and memory, and it outlives
nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from broken import DOCX, LETTER, PDF, WHOLE, white
from conftest import Library
from printed import Put, pdf

from store import formats
from store.formats import Unreadable, child, worker
from store.formats.child import Child

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def reader() -> Iterator[Child]:
    """A child of its own."""
    one = Child()
    yield one
    one.stop()


def pid(reader: Child) -> int:
    assert reader.process
    return reader.process.pid


def is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends(pid: int, within: float = 10.0) -> bool:
    until = time.monotonic() + within
    while is_there(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_there(pid)


@pytest.mark.parametrize(("kind", "name"), [*(("pdf", name) for name in PDF), *(("docx", name) for name in DOCX)])
def test_a_broken_or_hostile_file_is_skipped_with_a_plain_reason(kind: str, name: str) -> None:
    make, reason = (PDF if kind == "pdf" else DOCX)[name]
    data = make()
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=reason) as skipped:
        list(formats.read(Path(f"a.{kind}"), data))
    assert time.monotonic() - begun < child.SECONDS
    assert str(skipped.value)[0].islower() and "\n" not in str(skipped.value) and len(str(skipped.value)) < 200


def test_the_rest_of_a_folder_goes_in(library: Library) -> None:
    for name in ("cut short", "encrypted"):
        library.write(f"{name}.pdf", PDF[name][0]())
    for name in ("cut short", "entities in entities"):
        library.write(f"{name}.docx", DOCX[name][0]())
    library.write("whole.pdf", WHOLE)
    library.write("letter.docx", LETTER)
    library.write("note.odt", DOCX["an OpenDocument file"][0]())
    summary = library.ingest()
    assert summary.added == 2
    reasons = library.reasons(summary)
    assert sorted(reasons) == [
        "cut short.docx", "cut short.pdf", "encrypted.pdf", "entities in entities.docx", "note.odt",
    ]  # fmt: skip


def test_many_files_share_a_process_and_a_next_one_follows_a_crash(reader: Child) -> None:
    first = reader.read("pdf", WHOLE)
    before = pid(reader)
    assert reader.read("docx", LETTER).text == "The council voted on Tuesday."
    assert pid(reader) == before
    os.kill(before, signal.SIGKILL)
    assert ends(before)
    assert reader.read("pdf", WHOLE) == first
    with pytest.raises(Unreadable, match="breaks its reader"):
        reader.read("pdf", white())
    assert reader.read("pdf", WHOLE) == first


def test_memory_files_and_processor_time_are_limited(reader: Child) -> None:
    reader.read("pdf", WHOLE)
    limits = Path(f"/proc/{pid(reader)}/limits").read_text()
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert (
        soft["Max address space"] == str(worker.MEMORY) and soft["Max file size"] == soft["Max core file size"] == "0"
    )
    assert int(soft["Max cpu time"]) <= 2 * child.SECONDS


def test_two_hundred_small_files_do_not_pay_two_hundred_starts(reader: Child) -> None:
    begun = time.monotonic()
    reader.read("pdf", WHOLE)
    start = time.monotonic() - begun
    begun = time.monotonic()
    for _ in range(200):
        reader.read("pdf", WHOLE)
    assert time.monotonic() - begun < 50 * start


def test_a_file_that_takes_too_long_is_given_up(reader: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.read("pdf", WHOLE)
    running = pid(reader)
    os.kill(running, signal.SIGSTOP)
    with monkeypatch.context() as shorter:
        shorter.setattr(child, "SECONDS", 1)
        with pytest.raises(Unreadable, match="it takes longer than 1 seconds to read"):
            reader.read("pdf", WHOLE)
    assert ends(running)
    assert reader.read("pdf", WHOLE).title == "Fish market to close"


def test_an_interrupted_reading_ends_the_process_and_the_next_answer_is_the_next_file_s(reader: Child) -> None:
    reader.read("pdf", WHOLE)
    running = pid(reader)
    os.kill(running, signal.SIGSTOP)
    main = threading.main_thread().ident
    assert main
    interrupting = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    threading.Timer(0.3, signal.pthread_kill, [main, signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        reader.read("pdf", pdf([Put(60, 700, "An interrupted file.")]))
    signal.signal(signal.SIGINT, interrupting)
    assert ends(running)
    assert reader.read("docx", LETTER).text == "The council voted on Tuesday."


PARENT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
sys.path.insert(0, sys.argv[1])
from store.formats.child import CHILD
CHILD.read("docx", open(sys.argv[2], "rb").read())
print(CHILD.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_nothing_is_left_behind_when_the_caller_ends(tmp_path: Path, ending: signal.Signals) -> None:
    (tmp_path / "a.docx").write_bytes(LETTER)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(ROOT), str(tmp_path / "a.docx")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with parent:
        assert parent.stdout
        running = int(parent.stdout.readline())
        assert is_there(running)
        parent.send_signal(ending)
    assert ends(running)


def test_nothing_is_imported_from_the_current_folder_and_no_key_is_in_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Child
) -> None:
    for name in ("json", "store", "pypdfium2", "resource", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert reader.read("pdf", WHOLE).title == "Fish market to close"
    environment = Path(f"/proc/{pid(reader)}/environ").read_bytes()
    assert b"sk-secret" not in environment and str(tmp_path).encode() not in environment


@pytest.mark.parametrize(
    "answer",
    [
        b'{"text": "a", "spans": [[0, 9, "page", "1"]]}', b'{"text": 1}', b"[]", b"{}", b"nonsense", b"",
        b'{"text": "a", "title": "a", "item": "", "outlet": 3, "spans": [], "warnings": [], "unread": []}',
    ],
)  # fmt: skip
def test_an_answer_that_is_not_sound_is_no_article(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    reply = f"import os, sys; sys.stdin.buffer.readline(); os.write(1, {b'%d' % len(answer) + bytes([10]) + answer!r})"
    monkeypatch.setattr(child, "START", reply + "; sys.stdin.buffer.read()")
    one = Child()
    try:
        with pytest.raises(Unreadable, match=r"no sound answer|breaks its reader"):
            one.read("pdf", b"%PDF-1.4")
    finally:
        one.stop()


def test_a_process_that_says_it_has_grown_is_the_last_of_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b'{"unreadable": "it is full", "last": true}'
    reply = f"import os, sys; sys.stdin.buffer.readline(); os.write(1, {b'%d' % len(answer) + bytes([10]) + answer!r})"
    monkeypatch.setattr(child, "START", reply + "; sys.stdin.buffer.read()")
    one = Child()
    with pytest.raises(Unreadable, match="it is full"):
        one.read("pdf", b"%PDF-1.4")
    assert one.process is None


def test_the_formats_are_imported_without_their_libraries() -> None:
    code = "import sys, store.formats; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"pypdfium2", "zipfile", "subprocess", "ctypes"} & set(done.stdout.split())
