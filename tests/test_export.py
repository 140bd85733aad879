"""Exports of a conversation: whole, well-formed, and harmless whatever its articles say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from chat_engine import CLOSEST, FIRST, TURNOUT, VOTE, answer
from console import Footnote, valid
from hostile_text import SEEDS

from bot.commands.export import export
from bot.conversation import Citation, Failure, Mark, Moment, SavedConversation, SavedTurn
from bot.errors import UsageError
from bot.sessions import Sessions
from bot.show.clean import clean
from bot.show.export import FORMATS, form_of, written
from bot.show.page import address
from store.passage import Document, Filters

ASKED = "2024-03-16T09:00:00Z"
DOCUMENT = replace(FIRST.document, url="https://ledger.example/tram?a=1")
CITED = replace(FIRST, document=DOCUMENT)
ANSWER = answer(
    citations=(CITED, answer().citations[1]), filters=Filters(since="2024-01-01", as_of="2024-03-15"), values=(1, 2),
    notices=("One article is undated.",),
)  # fmt: skip
REFUSED = answer("Why?", outcome="not_in_corpus", sentences=(), citations=(), closest=CLOSEST, words="Not there.")
FAILED = answer("And?", outcome="error", sentences=(), citations=(), failure=Failure("The key was refused.", "Set it."))
SAVED = SavedConversation(
    "s7", "What did the council decide?", "default",
    (
        SavedTurn("What did the council decide?", ASKED, ANSWER, {1: "checked", 2: "wrong"}),
        SavedTurn("Why?", ASKED, REFUSED),
        SavedTurn("And?", ASKED, FAILED),
        SavedTurn("Lost?", ASKED, None),
    ),
)  # fmt: skip
WHOLE = ("markdown", "html")


def of(*documents: Document) -> SavedConversation:
    """A conversation that cites these articles, one a footnote; what it says of each is its title."""
    quotes = [replace(FIRST.quote, document=one.id, text=one.title) for one in documents]
    citations = tuple(Citation(at, *one) for at, one in enumerate(zip(quotes, documents, strict=True), 1))
    said = tuple(replace(answer().sentences[0], text=one.title) for one in documents)
    cited = answer(documents[0].title, sentences=said, citations=citations)
    return SavedConversation("s7", cited.question, "default", (SavedTurn(cited.question, ASKED, cited),))


class Page(HTMLParser):
    """The tags of a page, its attributes and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("form", WHOLE)
def test_a_conversation_is_told_with_quotes_dates_links_settings_and_marks(form: str) -> None:
    text = written(SAVED, form)
    told = Page(text).words if form == "html" else re.sub(r"\\(.)", r"\1", text)
    for words in (
        VOTE, TURNOUT, "2024-03-14", "2024-03-16", "since 2024-01-01", "as of", "extract", "marked: checked",
        "marked: wrong", "Not there.", "The key was refused. Set it.", "No answer is saved.", "One article is undated.",
        "changed: After a four-hour debate",
    ):  # fmt: skip
        assert words in told, words
    assert text.count("https://ledger.example/tram?a=1#:~:text=") == 1


@pytest.mark.parametrize("form", WHOLE)
def test_a_course_of_events_is_a_list_of_its_days(form: str) -> None:
    course = (Moment(1, "2023-03-14", "2023-03-14", told=True), Moment(2))
    text = written(
        SavedConversation("s7", "Tram", "default", (SavedTurn("Tram?", ASKED, answer(course=course)),)), form
    )
    told = Page(text).words if form == "html" else re.sub(r"[\\*]", "", text)
    days = [told.index(words) for words in ("14 Mar 2023", f"{VOTE} [1]", "order unknown", f"{TURNOUT} [2]")]
    assert days == sorted(days)


def test_the_page_is_whole_in_itself_and_its_numbers_lead_to_quotes() -> None:
    page = Page(written(SAVED, "html"))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "object"}
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    inner = [value[1:] for tag, attributes in page.tags if tag == "a" and (value := attributes["href"] or "")[0] == "#"]
    assert inner and set(inner) <= ids
    assert "prefers-color-scheme: dark" in page.words


def shaped(text: str) -> Any:
    """A session's JSON, which has its shape once the articles have ids as a corpus gives them."""
    for name in ("tram1", "poll1", "letter1"):
        text = text.replace(f'"{name}"', f'"{name[:4]}abcdef"')
    return valid(json.loads(text), "session")


def test_json_has_the_shape_of_a_shown_session() -> None:
    value = shaped(written(SAVED, "json"))
    assert value["turns"][0]["marks"] == {"1": "checked", "2": "wrong"}
    assert value["turns"][0]["answer"]["citations"][0]["url"] == DOCUMENT.url


def test_the_end_of_a_name_chooses_the_format() -> None:
    names = {"a.md": "markdown", "a.HTML": "html", "a.json": "json", "a.bib": "bibtex", "a.csl.json": "csl-json"}
    assert {name: form_of(name) for name in names} == names
    with pytest.raises(UsageError, match="names no format"):
        form_of("notes.txt")
    with pytest.raises(UsageError, match="no format 'word'"):
        written(SAVED, "word")


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "tram.ris"
    assert export(SAVED, file) == f"Written to {file}."
    before = file.read_bytes()
    with pytest.raises(UsageError, match="already"):
        export(SAVED, file)
    assert file.read_bytes() == before


# -- references ------------------------------------------------------------------------------------

BARE = Document("bare", "news", "letter.txt", "A letter", text="")
ODD = replace(
    DOCUMENT, id="odd", title="The {odd} \\title 100% of #1 & $5_x^2~", author="J. O{'}Brien, Sons and Daughters Ltd",
    published="2023-12-05", url="https://x.example/{a}\\b",
)  # fmt: skip


def fields(entry: str) -> dict[str, str]:
    """The fields of a BibTeX entry, read as BibTeX reads them: by balance of braces, whatever stands before one."""
    found, rest = {}, entry[entry.index(",") + 1 :]
    while match := re.match(r"\s*(\w+) = ", rest):
        rest = rest[match.end() :]
        depth = end = 0
        for end, letter in enumerate(rest):  # noqa: B007 - it is used below
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if letter == "," and not depth:
                break
        found[match[1]] = rest[:end]
        rest = rest[end + 1 :]
    assert rest.strip() == "}", rest
    return found


def test_bibtex_balances_its_braces_and_keeps_a_name_of_several_words_whole() -> None:
    odd, bare = (fields(entry) for entry in written(of(ODD, BARE), "bibtex").split("\n\n"))
    assert odd["title"].startswith(r"{{The {\textbraceleft}odd{\textbraceright} {\textbackslash}title 100\% of")
    assert odd["author"] == r"{J. O{\textbraceleft}'{\textbraceright}Brien and {Sons and Daughters Ltd}}"
    assert (odd["year"], odd["month"], odd["day"]) == ("{2023}", "dec", "{5}")
    assert odd["url"] == "{https://x.example/%7Ba%7D%5Cb}"
    assert not {"author", "year", "url", "journal"} & set(bare)


def test_ris_has_a_tag_a_line_and_leaves_out_what_is_not_known() -> None:
    records = written(of(ODD, BARE), "ris").split("ER  - \r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .+", line) for line in "".join(records).split("\r\n") if line)
    assert "DA  - 2023/12/05" in records[0] and "AU  - Sons and Daughters Ltd" in records[0]
    assert not {"AU", "PY", "DA", "UR"} & {line[:2] for line in records[1].split("\r\n")}


def test_csl_json_has_days_in_numbers_and_keys_of_their_own() -> None:
    twin = replace(ODD, id="twin")
    odd, second, bare = json.loads(written(of(ODD, twin, BARE), "csl-json"))
    assert odd["issued"] == {"date-parts": [[2023, 12, 5]]} and odd["id"] != second["id"]
    assert odd["author"][1] == {"literal": "Sons and Daughters Ltd"}
    assert set(bare) == {"id", "type", "title", "note"}


def test_an_article_cited_in_two_turns_is_one_reference_with_both_quotes() -> None:
    twice = replace(SAVED, turns=(SAVED.turns[0], SavedTurn("Again?", ASKED, ANSWER, {1: "use"})))
    first, _ = json.loads(written(twice, "csl-json"))
    assert (
        len(json.loads(written(twice, "csl-json"))) == 2 and "(checked)" in first["note"] and "(use)" in first["note"]
    )


# -- links -----------------------------------------------------------------------------------------


def test_a_text_fragment_names_the_ends_of_a_long_quote_and_escapes_its_own_signs() -> None:
    long = replace(FIRST.quote, text=" ".join(f"well-known{number}, & so" for number in range(30)))
    fragment = address(DOCUMENT, long).partition("#:~:text=")[2]
    begin, _ = fragment.split(",")
    assert "-" not in fragment and "&" not in fragment and len(unquote(begin).split()) == 8
    assert address(replace(DOCUMENT, url="https://a.example/x#part"), long).startswith(
        "https://a.example/x#part:~:text="
    )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://", "https://a.example/\x1b[31m", None]
)
def test_only_an_address_of_the_web_becomes_a_link(url: str | None) -> None:
    text = written(of(replace(DOCUMENT, url=url)), "html")
    assert not [
        href for tag, attributes in Page(text).tags if tag == "a" and (href := attributes["href"] or "")[0] != "#"
    ]


# -- hostile text ----------------------------------------------------------------------------------

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


@pytest.mark.parametrize("form", FORMATS)
def test_two_thousand_hostile_strings_steer_nothing(form: str) -> None:
    """As title, outlet, author, address and quote, each string beside each other one."""
    pairs = [f"{one}{two}" for one in SEEDS for two in SEEDS if one or two][:2000]
    assert len(pairs) == 2000
    for at in range(0, 2000, 50):
        some = pairs[at : at + 50]
        documents = tuple(
            replace(DOCUMENT, id=f"x{number}", title=words, outlet=words, author=words, source=words or "x", url=words)
            for number, words in enumerate(some)
        )
        text = written(of(*documents), form)
        assert not FORBIDDEN.search(text), form
        assert text == clean(text) or form == "ris"
        well_formed(form, text, len(some))


TAGS = {
    *"html meta title style body h1 h2 dl dt dd section p a".split(),
    *"figure blockquote span figcaption footer mark strong".split(),
}
ATTRIBUTES = {"id", "class", "href", "name", "content", "charset", "http-equiv", "lang"}


def well_formed(form: str, text: str, count: int) -> None:
    if form == "html":
        page = Page(text)
        assert {tag for tag, _ in page.tags} <= TAGS
        assert all(set(attributes) <= ATTRIBUTES for _, attributes in page.tags)
    elif form == "bibtex":
        entries = re.split(r"(?<=^}\n)\n", text, flags=re.M)
        assert len([fields(entry) for entry in entries]) == count
    elif form == "ris":
        assert text.count("TY  - NEWS\r\n") == text.count("ER  - \r\n") == count
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.split("\r\n") if line)
    elif form == "markdown":
        assert not re.search(r"(?<!\\)<(?!https?://)|^\s*(?:[-+=]{3}|```)", text, re.M)
    else:
        json.loads(text)


# -- from the shell --------------------------------------------------------------------------------


def test_sessions_export_prints_or_writes_by_the_end_of_the_name(in_process: Footnote, tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions.sqlite3")
    place = sessions.begin("default", "What did the council decide?")
    sessions.finish(place, ANSWER)
    marks: dict[int, Mark] = {1: "checked", 2: "use"}
    for number, mark in marks.items():
        sessions.mark(place, number, mark)
    sessions.mark(place, 2, None)
    sessions.close()
    assert "marked: checked" in in_process(tmp_path, "sessions", "export", "s1").out
    done = in_process(tmp_path, "sessions", "export", "s1", tmp_path / "a.bib")
    assert "Written to" in done.err and (tmp_path / "a.bib").read_text().count("@article{") == 2
    exported = in_process(tmp_path, "sessions", "export", "s1", "--json")
    assert shaped(exported.out)["turns"][0]["marks"] == {"1": "checked"}
    assert exported.value == in_process(tmp_path, "sessions", "show", "s1", "--json").value
    assert in_process(tmp_path, "sessions", "export", "s2").code == 2
