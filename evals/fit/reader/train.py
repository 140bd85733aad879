"""The loop: AdamW at a rate that falls to nothing, a running mean of the weights, checkpoints to go on from."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bot.errors import EvalInvalid
from evals.fit.reader import network
from evals.fit.reader.data import UNKNOWN, cut, load
from evals.fit.reader.feed import Batch, Feed, batched, tokenizer

RATE = 1e-4  # of the first step
DECAY = 0.999  # of the running mean; less in the first steps
SAVE_EVERY = 600.0  # seconds between checkpoints
LOG_EVERY, DEV_EVERY = 50, 500  # steps between lines of the log, and between looks at rows that were kept out
DEV_ROWS = 400
COLUMNS = "step tokens span answer support dev_span dev_answer dev_support".split()
"""Of the log: the mean loss of each head since the last line, and that over the rows kept out."""
Scores = tuple[Tensor, Tensor, Tensor, Tensor]


class Run:
    """A training run. A second one with the same options goes on where the first one stopped."""

    def __init__(self, data: Path, out: Path, steps: int, seed: int, device: str) -> None:
        self.stopped = False  # set from outside: the run ends after the step that is being made
        self._steps, self._seed = steps, seed
        self._rows, self._kept_out = load(data)
        self._device, self._kind = machine(device)
        self._weights = {name: tensor.to(self._device) for name, tensor in network.base(seed).items()}
        self._learned = {name: tensor.requires_grad_() for name, tensor in network.trained(self._weights).items()}
        self._mean = {name: tensor.detach().clone() for name, tensor in self._learned.items()}
        self._optimiser = torch.optim.AdamW(self._learned.values(), lr=RATE)
        self._step, self._tokens, self._pool, self._batch = 0, 0, 0, 0  # those done, and the next batch of a pool
        self._losses: list[list[list[float]]] = []  # of the steps since the log's last line
        self._lines = ["\t".join(COLUMNS)]
        out.mkdir(parents=True, exist_ok=True)
        self._log, self._checkpoint = out / "curve.tsv", out / "checkpoint.pt"
        sizes = [f"{file.name} {file.stat().st_size}" for file in sorted(data.glob("*.jsonl.gz"))]
        self._options = [str(steps), str(seed), str(self._kind), *sizes]
        if self._checkpoint.is_file():
            self._restore()

    def _restore(self) -> None:
        """Takes over the checkpoint. Raises EvalInvalid where it is of a run with other options."""
        state = torch.load(self._checkpoint, map_location=self._device, weights_only=True)
        if state["options"] != self._options:
            fault = f"{self._checkpoint.parent} holds a run with other steps, another seed, data or kind of machine."
            raise EvalInvalid(fault, "Name another folder as OUT, or remove that one.")
        self._step, self._tokens, self._pool, self._batch = state["place"]
        self._losses, self._lines, self._mean = state["losses"], state["lines"], state["mean"]
        for name, tensor in state["weights"].items():
            self._learned[name].data.copy_(tensor)
        self._optimiser.load_state_dict(state["optimiser"])

    def save(self) -> None:
        """Writes the checkpoint whole, or leaves the last one."""
        state = {
            "options": self._options, "place": [self._step, self._tokens, self._pool, self._batch],
            "losses": self._losses, "lines": self._lines, "mean": self._mean,
            "weights": {name: tensor.detach() for name, tensor in self._learned.items()},
            "optimiser": self._optimiser.state_dict(),
        }  # fmt: skip
        partial = self._checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self._checkpoint)

    def train(self, tell: Callable[[str], None]) -> bool:
        """Makes the steps that are left and tells each line of the log; False where it was stopped before the last."""
        words = tokenizer()
        draw = random.Random(f"{self._seed} dev")
        kept_out = draw.sample(self._kept_out, min(DEV_ROWS, len(self._kept_out)))
        dev = batched([cut(row, draw) for row in kept_out], words)
        saved = time.monotonic()
        for pool, number, batch in Feed(self._rows, words, self._seed).batches(self._pool, self._batch):
            if self.stopped or self._step >= self._steps:
                break
            self._learn(batch)
            self._pool, self._batch = pool, number
            if self._step % LOG_EVERY == 0 or self._step == self._steps:
                tell(self._line(dev if self._step % DEV_EVERY == 0 or self._step == self._steps else []))
            if time.monotonic() - saved > SAVE_EVERY:
                self.save()
                saved = time.monotonic()
        self.save()
        return self._step >= self._steps

    def finished(self) -> network.Weights:
        """The running mean of the weights, over the frozen embeddings."""
        return self._weights | self._mean

    def _learn(self, batch: Batch) -> None:
        """One step of the optimiser."""
        for group in self._optimiser.param_groups:
            group["lr"] = RATE * (1 - self._step / self._steps)
        parts = losses(self._read(self._weights, batch), batch)
        self._optimiser.zero_grad()
        (parts[:, 0] / parts[:, 1].clamp(min=0.5)).sum().backward()
        self._optimiser.step()
        self._step += 1
        self._tokens += int(batch.tokens[2].sum())
        self._losses.append(parts.tolist())
        for name, tensor in self._learned.items():
            self._mean[name].lerp_(tensor.data, 1 - min(DECAY, self._step / (9 + self._step)))

    def _read(self, weights: network.Weights, batch: Batch) -> Scores:
        return network.read(weights, torch.from_numpy(batch.tokens).to(self._device), self._kind)

    def _line(self, dev: Sequence[Batch]) -> str:
        """Adds a line to the log."""
        with torch.no_grad():
            others = [losses(self._read(self.finished(), batch), batch).tolist() for batch in dev]
        means = [np.sum(parts, axis=0) for parts in (self._losses, others) if parts]
        values = [f"{total / max(weight, 0.5):.4f}" for sums in means for total, weight in sums]
        self._losses = []
        self._lines.append("\t".join([str(self._step), str(self._tokens), *values]))
        self._log.write_text("\n".join(self._lines) + "\n")
        return self._lines[-1]


def losses(scores: Scores, batch: Batch) -> Tensor:
    """For span, answer and support: the weighted sum of the rows' losses, and the sum of those weights (3 × 2)."""
    start, end, answer, support = (each.log_softmax(-1) for each in scores)
    support = torch.cat([support, support[:, 1:].logsumexp(-1, keepdim=True)], -1)  # NOT_SUPPORTED: refuted or neither
    labels, weight = (torch.from_numpy(array).to(start.device) for array in (batch.labels, batch.weight))
    each = torch.stack([
        functional.nll_loss(scored, label, reduction="none", ignore_index=UNKNOWN) * weight
        for scored, label in zip((start, end, answer, support), labels, strict=True)
    ]).sum(-1)  # fmt: skip
    counted = ((labels != UNKNOWN) * weight).sum(-1)
    return torch.stack([torch.stack([(each[0] + each[1]) / 2, *each[2:]]), counted[1:]], -1)


def machine(name: str) -> tuple[torch.device, torch.dtype]:
    """The device of that name, "auto" for an accelerator where there is one; bfloat16 where it computes in it."""
    device = torch.device("cpu" if name == "auto" else name)
    if name == "auto" and torch.accelerator.is_available():
        device = torch.accelerator.current_accelerator()
    short = any(on for part, on in torch.cpu.get_capabilities().items() if "bf16" in part)
    return device, torch.bfloat16 if device.type == "cuda" or (device.type == "cpu" and short) else torch.float32
