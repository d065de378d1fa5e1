"""Weights of an ONNX graph in int8: the only door to onnx, which only exporting needs.

A matrix is quantised in one of two ways. Each column with a scale of its own, and what it is multiplied with by the
range of the whole of it: fastest. Or in blocks of 128 weights, each with its scale, and what they are multiplied with
likewise (ONNX Runtime's MatMulNBits): nearer to float32 where activations have outliers, and a little slower.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime import quantization  # type: ignore[import-untyped] # it ships no types

_BLOCK = 128
_ZERO = 128  # bytes are unsigned there
_INT8_PRODUCTS = 4  # the accuracy level at which what is multiplied is quantised too
_DOMAIN = "com.microsoft"

#: Rows and columns of a matrix -> whether it is quantised in blocks.
InBlocks: TypeAlias = Callable[[int, int], bool]


def write_int8(source: Path, target: Path, in_blocks: InBlocks) -> None:
    """Quantise the matrices of a graph in float32 into another file."""
    model = onnx.load(str(source))
    _quantise_blocks(model.graph, in_blocks)
    model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        partly = Path(scratch) / "partly.onnx"
        onnx.save(model, str(partly))
        quantization.quantize_dynamic(partly, target, per_channel=True, weight_type=quantization.QuantType.QInt8)


def _quantise_blocks(graph: onnx.GraphProto, in_blocks: InBlocks) -> None:
    weights = {it.name: it for it in graph.initializer if len(it.dims) == 2}
    done = set()
    for node in graph.node:
        weight = weights.get(node.input[1]) if node.op_type == "MatMul" else None
        if weight is None or weight.dims[0] % _BLOCK or not in_blocks(*weight.dims):
            continue
        rows, columns = weight.dims
        named = [f"{weight.name}_blocks", f"{weight.name}_scales"]
        if weight.name not in done:
            blocks, scales = _blocks(numpy_helper.to_array(weight))
            graph.initializer.append(numpy_helper.from_array(blocks, named[0]))
            graph.initializer.append(numpy_helper.from_array(scales, named[1]))
        done.add(weight.name)
        made = helper.make_node(
            "MatMulNBits",
            [node.input[0], *named],
            list(node.output),
            name=node.name,
            domain=_DOMAIN,
            K=rows,
            N=columns,
            bits=8,
            block_size=_BLOCK,
            accuracy_level=_INT8_PRODUCTS,
        )
        node.CopyFrom(made)
    for name in done:
        graph.initializer.remove(weights[name])


def _blocks(weight: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A matrix column by column in blocks of rows: bytes around 128, and the scale of each block."""
    rows, columns = weight.shape
    blocks = weight.T.reshape(columns, rows // _BLOCK, _BLOCK)
    scales = np.abs(blocks).max(axis=2) / 127
    scales[scales == 0] = 1
    rounded = np.rint(blocks / scales[..., None]) + _ZERO
    return rounded.clip(0, 255).astype(np.uint8), scales.astype(np.float32)
