"""Which architecture a file with weights most likely belongs to, told from the names in it and its own name.

How many tensors there are, and of what shapes, says nothing as long as no architecture was built to compare with; so
the name of the file is all there is to go by, and nothing is guessed where it says nothing.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from mbgui.domain.framework import Framework
from mbgui.domain.source import ZOO_FRAMEWORKS

_KERAS_NAMES = ("kernel", "gamma", "beta", "moving_mean", "moving_variance", "embeddings")
_TORCH_NAMES = ("weight", "running_mean", "running_var", "num_batches_tracked", "in_proj_weight")
_PART = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z][a-z]*\d*|[a-z]+\d*|\d+[a-z]*")
_SEPARATOR = "[-_. ]?"
_NO_MATCH = (0, False)


def guess_framework(tensor_names: Sequence[str]) -> Framework | None:
    """Whose names these are, `None` where none or both could have given them."""
    last = [re.split(r"[./]", name)[-1].partition(":")[0] for name in tensor_names]
    counts = {
        Framework.KERAS: sum(name in _KERAS_NAMES for name in last),
        Framework.PYTORCH: sum(name in _TORCH_NAMES for name in last),
    }
    likely = max(counts, key=counts.__getitem__)
    return None if len(set(counts.values())) == 1 else likely


def guess_architecture(path: str, framework: Framework | None, references: Sequence[str]) -> str:
    """The reference (`torchvision:mobilenet_v2`) whose name the file's name holds as a whole; "" where none is.

    The longest name wins: `vgg11_bn-6002323d.pth` is of `vgg11_bn`, not of `vgg11`. Keras's own files say `notop` where
    the classifier was left out, and so does the guess.
    """
    title = PurePath(path).name.lower()
    fitting = [reference for reference in references if framework is None or _framework(reference) is framework]
    best = max(fitting, key=lambda reference: _match(reference, title), default="")
    if not best or _match(best, title) == _NO_MATCH:
        return ""
    is_headless = _framework(best) is Framework.KERAS and re.search(r"no[-_]?top", title) is not None
    return f"{best}?include_top=false" if is_headless else best


def _framework(reference: str) -> Framework | None:
    word = reference.partition(":")[0]
    return next((framework for kind, framework in ZOO_FRAMEWORKS.items() if kind.value == word), None)


def _match(reference: str, title: str) -> tuple[int, bool]:
    """How many characters of the file's name are the architecture's, and whether it is spelt the same there."""
    name = reference.partition(":")[2]
    parts = [re.escape(part.lower()) for part in _PART.findall(name)]
    found = re.search(rf"(?<![a-z0-9]){_SEPARATOR.join(parts)}(?![a-z0-9])", title) if parts else None
    return _NO_MATCH if found is None else (len(found.group()), found.group() == name.lower())
