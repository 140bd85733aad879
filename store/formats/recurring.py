"""Recurring lines: what stands in many articles of one outlet, each time between other lines, is page and not story.

A line of a copied report recurs too, but always between the same lines.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from store.formats.article import Article
from store.formats.furniture import without
from store.passage import Span

LEAST = 5  # fewest articles of an outlet, and fewest neighbours, of a line that is learnt
SHARE = 0.01  # least share of the outlet's articles
LENGTH = (30, 400)  # characters of a line that is learnt: shorter ones are headings and labels of lists
KIND = "recurring"

Lines = Mapping[str, set[str]]  # lines by outlet
_WORD = re.compile(r"\w+")


def marked(articles: Sequence[Article], known: Lines) -> Iterator[Article]:
    """The articles, in order, with the lines that recur among them, or that are `known`, as furniture."""
    every = [(article.outlet or "", list(_lines(article))) for article in articles]
    learnt = _learnt([(outlet, [line for _, line in lines]) for outlet, lines in every])
    for article, (outlet, lines) in zip(articles, every, strict=True):
        page = learnt.get(outlet, set()) | known.get(outlet, set())
        found = [Span(start, start + len(line), "furniture", KIND) for start, line in lines if line in page]
        yield replace(article, spans=(*article.spans, *found)) if found else article


def _learnt(articles: Sequence[tuple[str, Sequence[str]]]) -> Lines:
    """The lines that recur among some articles, each given as its outlet and its lines."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for outlet, lines in articles:
        sizes[outlet] += 1
        counts[outlet].update(set(lines))
    often = {
        outlet: {line for line, n in lines.items() if n >= max(LEAST, SHARE * sizes[outlet]) and _can_recur(line)}
        for outlet, lines in counts.items()
    }
    around: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for outlet, lines in articles:
        if often[outlet]:
            if 2 * sum(line in often[outlet] for line in lines) > len(lines):
                continue  # another version of a running story, of which most lines recur
            for line, before, after in _neighbours(lines, often[outlet]):
                around[outlet][line].add((before, after))
    return {outlet: {line for line, pairs in lines.items() if _apart(pairs)} for outlet, lines in around.items()}


def _apart(pairs: set[tuple[str, str]]) -> bool:
    """Whether a line stands between ever other lines, or at the end after ever other ones, or at the top."""
    sides = [set(side) for side in zip(*pairs, strict=True)]
    return len(pairs) >= LEAST and all(len(side) >= LEAST or side == {""} for side in sides)


def _neighbours(lines: Sequence[str], often: set[str]) -> Iterator[tuple[str, str, str]]:
    """Each line that may recur with the nearest lines before and after it that do not."""
    before, found = "", list[tuple[str, str]]()
    for line in lines:
        if line in often:
            found.append((line, before))
        else:
            yield from ((held, above, line) for held, above in found)
            before, found = line, []
    yield from ((held, above, "") for held, above in found)


def _can_recur(line: str) -> bool:
    return LENGTH[0] <= len(line) <= LENGTH[1] and len(_WORD.findall(line)) > 4


def _lines(article: Article) -> Iterator[tuple[int, str]]:
    """The lines of an article, or what other rules leave of them, without the space around, each with its place."""
    taken = ((span.start, span.end) for span in article.spans if span.kind in ("furniture", "correction"))
    for match in re.finditer(r"[^\r\n]+", without(article.text, taken)):
        if line := match[0].strip():
            yield match.start() + match[0].index(line), line
