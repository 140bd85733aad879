"""How sure yes and no are: `python -m evals.fit.yesno`, by `bot.reading.polarity`.

Each yes-no question of the suite `course` that becomes a statement is paired with every sentence of the articles of
`course` and `starter` that tell another story (the part of a file's name before its first hyphen names the story);
whatever leads by such a sentence is wrong. Sentences of its own story that say the opposite of what is expected are
printed too, to be read.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bot.reading import Candidate
from bot.reading.check import ModelChecker
from bot.reading.onnx import load
from bot.reading.polarity import says
from bot.reading.yesno import checked, statement
from evals import find
from evals.fit import table
from store.event_dates import event_dates
from store.formats import Article, parts
from store.passage import BEFORE, Document, Passage
from store.split import sentences, split

EXPECTED = {"Yes": "yes", "No": "no"}


def rows(path: Path) -> Iterator[Candidate]:
    """The sentences of an article, each in its passage."""
    (article,) = (part for part in parts(path) if isinstance(part, Article))
    facts = article.title, article.outlet, article.author, article.published
    document = Document(path.name, "course", path.name, *facts, text=article.text, spans=article.spans)
    text, times = document.text, event_dates(document.text, document.published, document.spans)
    for low, high in split(text, document.spans):
        home = Passage(0, document, low, high, text[low:high], before=text[max(0, low - BEFORE) : low], spans=times)
        for start, end in sentences(home.text):
            yield Candidate(home, low + start, low + end, home.text[start:end])


def main() -> None:
    """Prints how many pairs there are, every wrong lead among them, and what a story's own sentences say wrongly."""
    suite, checker = find.load("course"), ModelChecker(load())
    folders = (suite.corpus, find.load("starter").corpus)
    told = [row for folder in folders if folder for path in sorted(folder.glob("*.md")) for row in rows(path)]
    pairs, wrong, contrary = 0, list[tuple[str, ...]](), list[tuple[str, ...]]()
    for case in suite.cases:
        asked = statement(case.question) if "yesno" in case.tags else None
        for row in told if asked else ():
            strange = _story(row.passage.document.source) not in map(_story, case.documents)
            pairs += strange
            stand = asked and says(asked, row, partial(checked, checker, asked, row))
            if stand and (strange or stand != EXPECTED.get(case.begins)):
                (wrong if strange else contrary).append((case.id, case.question, stand, row.text))
    print(
        f"{len(wrong)} leads by {pairs:,} sentences of other stories; {len(contrary)} contrary ones by the own story\n"
    )
    table(("case", "question", "says", "sentence"), (*wrong, *contrary))


def _story(name: str) -> str:
    return name.removesuffix(".md").partition("-")[0]


if __name__ == "__main__":
    main()
