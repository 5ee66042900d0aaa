"""Parameters of PyTorch modules, as Java reads them: a file of safetensors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kindling.errors import KindlingError


def write(source: Any, path: Path) -> None:
    """Writes the tensors of a module, or of its ``state_dict``, as float32. Those of whole numbers, such as counters, are left
    out: no layer has any.

    Parameters
    ----------
    source
        a ``torch.nn.Module``, or a mapping from names to tensors or NumPy arrays
    """
    named = source.state_dict() if hasattr(source, "state_dict") else source
    if not isinstance(named, Mapping):
        raise KindlingError(
            "the parameters must be a module, its state_dict or the path of a safetensors file, but are a "
            + type(source).__name__
        )
    header: dict[str, Any] = {}
    content = b""
    for name, tensor in named.items():
        numbers = _numbers(tensor)
        if numbers.dtype.kind == "f":
            begin = len(content)
            content += numbers.astype("<f4").tobytes()
            header[str(name)] = {"dtype": "F32", "shape": list(numbers.shape), "data_offsets": [begin, len(content)]}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + content)


def _numbers(tensor: Any) -> np.ndarray:
    if hasattr(tensor, "detach"):  # PyTorch's; NumPy has no bfloat16
        tensor = tensor.detach().cpu()
        tensor = tensor.float() if tensor.is_floating_point() else tensor
    return np.asarray(tensor)
