"""Models' replies kept by model, parameters and prompt, so that a run can be asked again without a network."""

import hashlib
import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import EvalInvalid, StreamCut
from bot.writers.model import Ask, Model
from evals.kept.files import folder, parsed, save

SCHEMA = 1
_FENCE = re.compile(r"^begin ([0-9a-f]{12})$", re.M)  # the delimiter that each prompt draws anew


@dataclass(slots=True)
class Replies:
    """Replies in `folder`, one file each. `attempt` tells the repeats of a case apart.

    With `replay` a reply that is not kept is an error and no model is ever asked; with `anew` kept ones are asked
    for again and replaced.
    """

    folder: Path
    replay: bool = False
    anew: bool = False
    attempt: int = 1
    counts: dict[str, int] = field(default_factory=lambda: {"kept": 0, "asked": 0})

    async def say(self, model: Model, prompt: str, ask: Ask) -> AsyncGenerator[str, None]:
        """The kept reply, or the model's, which is then kept. One that was cut off is only said again in a replay.

        Raises EvalInvalid for a reply that is lacking in a replay or that cannot be read, and what `ask` raises.
        """
        file = self.folder / f"{_key(model, prompt, self.attempt)}.json"
        kept = None if self.anew else parsed(file, _reply, "kept reply", "Delete it, and run once without --replay.")
        if self.replay and kept is None:
            raise EvalInvalid(f"No reply of {model.name} is kept for this question.", "Run it once without --replay.")
        if kept is not None and (self.replay or not kept["cut"]):
            self.counts["kept"] += 1
            model.usage = (model.usage[0] + kept["usage"][0], model.usage[1] + kept["usage"][1])
            for text in kept["texts"]:
                yield text
            if kept["cut"]:
                raise StreamCut("The kept reply was cut off.")
            return
        self.counts["asked"] += 1
        before, texts = model.usage, list[str]()
        cut: StreamCut | None = None
        try:
            async with aclosing(ask(prompt)) as pieces:
                async for text in pieces:
                    texts.append(text)
                    yield text
        except StreamCut as error:
            cut = error
        usage = [now - then for now, then in zip(model.usage, before, strict=True)]
        whose = {"model": model.name, "parameters": model.parameters, "attempt": self.attempt}
        reply = {"schema_version": SCHEMA, **whose, "texts": texts, "usage": usage, "cut": cut is not None}
        folder(file.parent)
        save(file, json.dumps(reply), private=True)
        if cut:
            raise cut


def _key(model: Model, prompt: str, attempt: int) -> str:
    """The name under which a reply is kept: a hash of all that it hangs on.

    The delimiter in a prompt is drawn by chance each time and stands nowhere else, so it is left out.
    """
    fence = _FENCE.search(prompt)
    told = [model.name, model.parameters, attempt, prompt.replace(fence[1], "") if fence else prompt]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _reply(kept: Any) -> dict[str, Any]:
    texts, usage, cut = kept["texts"], kept["usage"], kept["cut"]
    sound = isinstance(cut, bool) and all(isinstance(text, str) for text in texts)
    if not sound or [type(count) for count in usage] != [int, int]:
        raise ValueError("its values have other types")
    return {"texts": texts, "usage": usage, "cut": cut}
