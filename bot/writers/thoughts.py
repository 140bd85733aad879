"""A model's thoughts and marks, taken out of its text while that streams; the rest is the answer.

Models and their servers write them in many ways: `<think>…</think>`, `[THINK]…[/THINK]`, `<|channel|>analysis…`, only a
closing `</think>`, and marks such as `<|im_end|>` at the end of a turn.
"""

import json
import re
from pathlib import Path

MUSING = tuple(json.loads(Path(__file__).with_name("musing.json").read_text(encoding="utf-8")))
"""Openings, in lower case, of text that may be thoughts without an opening tag: such a reply is held to its end."""
DRAFT = 200  # characters held after a block of thoughts: a short text between two blocks is a part of the thinking
TAIL = 96  # characters at the end of text that may become a mark
_WORD = r"(?:think(?:ing)?|thoughts?|reason(?:ing)?(?:_content)?|reflection|scratchpad|analysis|monologue)"
_ROLE = r"\s{0,3}(?:assistant|model)?(?:<\|end_header_id\|>)?\s{0,3}"
_MARK = re.compile(
    rf"(?P<close></(?:\w{{1,12}}:)?(?:ant)?{_WORD}>|(?-i:\[/THINK(?:ING)?\])|◁/think▷|<channel\|>|assistantfinal"
    rf"|<[|｜](?:end_|end_of_|end▁of▁|/){_WORD}[|｜]>|<[|｜]{_WORD}_end[|｜]>"
    rf"|<\|channel\|?>\s{{0,3}}final\b(?:\s{{0,3}}<\|constrain\|>\w{{0,20}})?(?:\s{{0,3}}<\|message\|>)?)"
    rf"|(?P<open>(?<![`\"'“‘])(?:<(?:\w{{1,12}}:)?(?:ant)?{_WORD}(?:\s[^<>]{{0,60}})?>|◁think▷"
    rf"|(?-i:\[THINK(?:ING)?\])|<[|｜](?:start_|begin_of_|begin▁of▁)?{_WORD}[|｜]>|<[|｜]{_WORD}_start[|｜]>"
    rf"|<\|channel\|?>\s{{0,3}}(?!final\b)\w{{1,20}}(?=\W)))"
    rf"|(?P<drop><\|(?:start|im_start|start_header_id)\|>{_ROLE}|<start_of_turn>{_ROLE}|<s>|<bos>|<pad>|\[cite_start\]"
    rf"|<[|｜](?:message|channel|constrain|start_response|begin_of_solution|begin_of_text|begin▁of▁sentence|assistant"
    rf"|end_header_id|startoftext)[|｜]>|</?(?:answer|response|final|final_answer|output)>)"
    rf"|(?P<end><[|｜][\w▁:.-]{{1,40}}[|｜]>|</s>|<eos>|<end_of_turn>|<turn\|>|\[/?INST\])",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"(?:<(?!\s)[^<>\n]{0,70}|\[/?[A-Za-z_]{0,11}|◁/?\w{0,8}|<\|channel\|?>\s{0,3}\w{0,20}(?:\s{0,3}<[^<>]{0,20}>?)?"
    r"|<\|channel\|?>\s{0,3}final\s{0,3}<\|constrain\|>\w{0,20}"
    r"|<\|(?:start|im_start|start_header_id)\|>\s{0,3}\w{0,10}(?:<[^<>]{0,20}>?)?\s{0,3}|<start_of_turn>\w{0,6})$",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"(?:<[|｜/]|◁|\[/)[^<>\s]{0,40}$")


class Answer:
    """The part of a reply that is an answer, while the reply comes in; time grows with its length only.

    >>> answer = Answer()
    >>> [answer.feed(text) for text in ("<thi", "nk>It was 9.</think> Four", "teen.</s>")] + [answer.finish()]
    ['', '', '', 'Fourteen.']
    """

    def __init__(self, *, held: bool = False) -> None:
        """With `held`, the model is known to think without an opening tag: nothing is let go before the end."""
        self.bare = False  # a closing tag came without an opening one
        self.over = False  # a mark of the end came after words
        self._state = "held" if held else "start"  # then held, thinking, draft (after thoughts) or free
        self._rest = ""
        self._last = ""  # the character before it
        self._kept: list[str] = []

    def feed(self, text: str) -> str:
        """The words that can be shown now."""
        return self._read(self._rest + text)

    def finish(self) -> str:
        """The words that are left when the reply has ended."""
        shown = self._read(_BROKEN.sub("", self._rest), final=True)
        return shown + ("" if self._state == "thinking" else self._released())

    def _read(self, text: str, *, final: bool = False) -> str:
        text = self._last + text
        shown, at = [], len(self._last)
        for mark in _MARK.finditer(text, at):
            if not final and _PARTIAL.match(text, mark.start()):
                break  # it may yet become a longer one
            shown.append(self._take(text[at : mark.start()]))
            shown.append(self._turn(str(mark.lastgroup)))
            at = mark.end()
        stop = len(text)
        if not final:
            low = max(at, stop - TAIL)
            partial = _PARTIAL.search(text, low)
            stop = low if self._state == "thinking" else partial.start() if partial else stop
        shown.append(self._take(text[at:stop]))
        self._last, self._rest = text[stop - 1 : stop], text[stop:]
        return "".join(shown)

    def _turn(self, mark: str) -> str:
        """Goes on to the state after a mark."""
        if mark == "open":
            self._forget("thinking")
        elif mark == "close":
            self.bare = self.bare or self._state != "thinking"
            self._forget("draft")
        elif mark == "end" and self._state != "thinking" and (self._kept or self._state == "free"):
            self.over = True
            return self._released()
        return ""

    def _forget(self, state: str) -> None:
        self._state, self._kept = state, []

    def _released(self) -> str:
        shown = "".join(self._kept)
        self._forget("free")
        return shown

    def _take(self, text: str) -> str:
        """Text between two marks: shown, kept or dropped."""
        if self.over or self._state == "thinking":
            return ""
        if self._state == "free":
            return text
        text = text if self._kept else text.lstrip()
        if text:
            self._kept.append(text)
        if self._state == "draft" and sum(map(len, self._kept)) >= DRAFT:
            return self._released()
        if not text or self._state != "start":
            return ""
        opening = "".join(self._kept)  # the first words tell whether a reply is held
        low = opening[:32].lower().replace("’", "'").lstrip('*_#"“ ')
        if re.match(r"analysis[A-Z]", opening):
            self._forget("thinking")
        elif low.startswith(MUSING):
            self._state = "held" if len(low) > len("analysis") else "start"
        elif not any(start.startswith(low) for start in MUSING):
            return self._released()
        return ""
