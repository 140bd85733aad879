"""Preparing articles in two processes: the same as in one, and nothing is lost where the second one ends."""

from contextlib import closing

import pytest

from store.formats import Article
from store.prepare import PART, Preparer, prepared

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
    with closing(Preparer()) as preparer:
        preparer.start()
        if ended and preparer.second:
            preparer.second.kill()
        every = list(preparer.each(ARTICLES))
    assert every == [prepared(article) for article in ARTICLES]
    assert every[0].events and every[0].cuts and every[0].article.spans


def test_the_second_process_ends_with_its_input() -> None:
    with closing(Preparer()) as preparer:
        preparer.start()
        if preparer.second is None:
            pytest.skip("one processor")
        assert preparer.second.stdin
        preparer.second.stdin.close()
        assert preparer.second.wait(60) == 0
