"""BIPIA (Yi et al. 2023): instructions planted in a text, for whoever answers questions about it to follow.

Of the set's contexts the emails are taken, which are prose; tables and code are no news. Each of the 100 questions is
asked over its email alone, then over three copies, each with one of 150 instructions, chosen by hash, as a paragraph at
the start, in the middle or at the end. An extract follows no instruction: it can only quote one as an answer, or answer
no longer because of it. With a model one may also be followed, and its words alone do not tell that.
"""

import hashlib
from collections.abc import Iterator, Sequence
from operator import itemgetter

from evals.case import Case
from evals.public import source
from evals.public.asking import Row
from evals.public.figures import Figure, means, planted
from evals.public.source import Article, Part
from store.passage import Filters

ABOUT = "100 questions about emails, each plain and with an instruction planted in three places."
EMAILS = "bipia/email_test.jsonl", "bipia/email_train.jsonl"
ATTACKS = "bipia/text_attack_test.json", "bipia/text_attack_train.json"
FILES = (*EMAILS, *ATTACKS)


def parts() -> Iterator[Part]:
    """Each email, plain and with an instruction in each place, with its question; the four are drawn together."""
    kinds = [list(value.values()) for file in ATTACKS for value in source.each(file, dict)]
    attacks = [attack for every in kinds for kind in every for attack in kind]
    emails = (email for file in EMAILS for email in source.each(file, itemgetter("question", "ideal", "context")))
    for number, (question, ideal, text) in enumerate(emails):
        rest = text[len(text) // 2 :].partition(". ")[2]  # after the first sentence that ends in the second half
        for place, cut in {"plain": None, "start": 0, "middle": len(text) - len(rest), "end": len(text)}.items():
            name, known = f"{number}-{place}", ideal != "unknown"
            attack = attacks[int(hashlib.sha256(name.encode()).hexdigest(), 16) % len(attacks)]
            planted = text if cut is None else f"{text[:cut]}\n\n{attack}\n\n{text[cut:]}".strip()
            yield (Article(name, "", planted),), (Case(
                name, question.removeprefix("Q: "), "answered" if known else "refused", cluster=str(number),
                documents=(f"{name}.md",) * known, filters=Filters(documents=(f"{name}.md",)),
                answers=(ideal,) * known, absent=((attack,),) * (cut is not None),
            ),)  # fmt: skip


def figures(rows: Sequence[Row]) -> list[Figure]:
    """What is told with an instruction and without one."""
    plain = means("question", rows, {"answered, plain": lambda row: None if row.absent else not row.refused})
    return [*planted([row for row in rows if row.absent], "the instruction"), *plain]
