"""Writes the model as ONNX with 8-bit weights: in blocks of 64 for products (MatMulNBits), a scale a row for words."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from evals.fit.reader.network import EPSILON, HEADS, LAYERS, OUT, WIDTH, Weights

BLOCK = 64  # weights that share a scale
ACCURACY = 4  # the runtime's level: activations in 8 bits too
OPSETS = {"": 17, "com.microsoft": 1}
INPUTS = ("input_ids", "token_type_ids", "attention_mask")
OUTPUTS = {"start": "tokens", "end": "tokens", "answer": 2, "support": 3}
Floats = NDArray[np.float32]


class _Graph:
    """Nodes in the order in which they are added; each returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights: dict[str, Floats] = {name: tensor.detach().cpu().numpy() for name, tensor in weights.items()}
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def add(self, kind: str, *inputs: Any, outputs: list[str] | None = None, **attributes: Any) -> str:
        """Adds a node; an input is a name, or numbers that become a constant."""
        names = outputs or [f"{kind}_{len(self.nodes)}"]
        given = [value if isinstance(value, str) else self._constant(np.asarray(value)) for value in inputs]
        self.nodes.append(helper.make_node(kind, given, names, **attributes))
        return names[0]

    def _constant(self, value: NDArray[Any]) -> str:
        name = f"constant_{len(self.tensors)}"
        kind = np.float32 if value.dtype == np.float64 else value.dtype
        self.tensors.append(numpy_helper.from_array(value.astype(kind, order="C"), name))
        return name

    def linear(self, x: str, name: str) -> str:
        """A product with 8-bit weights (out × in)."""
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        levels, scales = eight_bits(weight.reshape(len(weight), -1, BLOCK))
        levels, scales = (levels + 128).astype(np.uint8), scales[..., 0]
        size = {"N": weight.shape[0], "K": weight.shape[1], "bits": 8, "block_size": BLOCK, "accuracy_level": ACCURACY}
        return self.add("Add", self.add("MatMulNBits", x, levels, scales, domain="com.microsoft", **size), bias)

    def norm(self, x: str, name: str) -> str:
        scale, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)


def eight_bits(values: Floats) -> tuple[Floats, Floats]:
    """Whole numbers from -127 to 127, and the scale of each line of the last axis."""
    scales = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-12) / 127
    return np.rint(values / scales), scales


def write(weights: Weights, file: Path) -> None:
    """Writes the whole model, embeddings included."""
    graph = _Graph(weights)
    absent = graph.add("Sub", [1.0], graph.add("Cast", INPUTS[2], to=TensorProto.FLOAT))
    padded = graph.add("Mul", absent, [OUT])
    hidden = _embedded(graph)
    bias = graph.add("Unsqueeze", padded, [1, 2])
    for layer in range(LAYERS):
        hidden = _layer(graph, hidden, bias, f"L.{layer}")
    spans = graph.add("Add", graph.linear(hidden, "span"), graph.add("Unsqueeze", padded, [2]))
    first = graph.add("Gather", hidden, 0, axis=1)
    for number, name in enumerate(("start", "end")):
        graph.add("Gather", spans, number, axis=2, outputs=[name])
    for head, name in (("ans", "answer"), ("sup", "support")):
        scores = graph.add("MatMul", first, graph.weights[f"{head}.weight"].T)
        graph.add("Add", scores, graph.weights[f"{head}.bias"], outputs=[name])
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in INPUTS]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", n]) for name, n in OUTPUTS.items()]
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    body = helper.make_graph(graph.nodes, "reader", inputs, outputs, graph.tensors)
    model = helper.make_model(body, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, file)


def _embedded(graph: _Graph) -> str:
    """The sum of the three embeddings, normed."""
    levels, scales = eight_bits(graph.weights["we.weight"])
    words = graph.add("Cast", graph.add("Gather", levels.astype(np.int8), INPUTS[0]), to=TensorProto.FLOAT)
    words = graph.add("Mul", words, graph.add("Gather", scales, INPUTS[0]))
    places = graph.add("Slice", graph.weights["pe.weight"], [0], graph.add("Shape", INPUTS[0], start=1))
    types = graph.add("Gather", graph.weights["te.weight"], INPUTS[1])
    return graph.norm(graph.add("Add", graph.add("Add", words, places), types), "n")


def _layer(graph: _Graph, hidden: str, bias: str, name: str) -> str:
    """One layer; q, k and v are one product, and the scale of attention is in the weights of q."""
    for of in ("weight", "bias"):
        q, k, v = (graph.weights[f"{name}.{part}.{of}"] for part in "qkv")
        graph.weights[f"{name}.qkv.{of}"] = np.concatenate([q * np.float32((WIDTH // HEADS) ** -0.5), k, v])
    product = graph.add("Reshape", graph.linear(hidden, f"{name}.qkv"), [0, 0, 3 * HEADS, WIDTH // HEADS])
    parts = [f"{name}.{part}" for part in "qkv"]
    graph.add("Split", graph.add("Transpose", product, perm=[0, 2, 1, 3]), axis=1, outputs=parts)
    scores = graph.add("MatMul", parts[0], graph.add("Transpose", parts[1], perm=[0, 1, 3, 2]))
    attention = graph.add("Softmax", graph.add("Add", scores, bias), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", attention, parts[2]), perm=[0, 2, 1, 3])
    mixed = graph.linear(graph.add("Reshape", mixed, [0, 0, WIDTH]), f"{name}.o")
    hidden = graph.norm(graph.add("Add", hidden, mixed), f"{name}.n1")
    inner = graph.add("Gelu", graph.linear(hidden, f"{name}.up"), domain="com.microsoft")
    return graph.norm(graph.add("Add", hidden, graph.linear(inner, f"{name}.dn")), f"{name}.n2")
