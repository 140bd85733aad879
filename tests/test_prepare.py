"""Preparing articles in two processes: the same as in one, and nothing is lost where the second one ends."""

from contextlib import closing

import pytest

from store.embed import load
from store.formats import Article
from store.prepare import PART, Preparer, prepared
from store.second import Ended, Second

ARTICLES = [
    Article(
        text=f"READ MORE: Ferry {n} sold\n\nThe ferry sank on Tuesday, {n} people said. It was {n} years old.\n",
        title=f"Ferry {n}",
        published="2026-05-20",
        unmarked=True,
    )
    for n in range(3 * PART + 1)
]


@pytest.mark.parametrize("ended", [False, True], ids=["shared", "second process ends"])
def test_each_article_is_prepared_once_and_in_order(ended: bool) -> None:
    told: list[int] = []
    with closing(Second()) as second:
        second.start()
        if ended and second.process:
            second.process.kill()
        every = list(Preparer(second, load("wordllama")).each(ARTICLES, told.append))
    assert every == prepared(ARTICLES, load("wordllama"))
    assert told[0] == 0 and told == sorted(told) and told[-1] == len(ARTICLES) and len(told) > 2
    assert every[0].events and every[0].cuts and every[0].article.spans and every[0].vectors


def test_the_second_process_ends_with_its_input() -> None:
    with closing(Second()) as second:
        second.start()
        if second.process is None:
            pytest.skip("one processor")
        assert second.process.stdin
        second.process.stdin.close()
        assert second.process.wait(60) == 0


def test_a_call_that_fails_there_says_so_here() -> None:
    with closing(Second()) as second:
        second.start()
        with pytest.raises(Ended):
            second.call(int, "no number")
        assert second.process is None
