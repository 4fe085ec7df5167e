"""What the Keras side calls the layers, so that no name of one side helps to find its partner on the other."""

import re

_WORDS = {
    "stem": "entry",
    "block": "unit",
    "expand": "widen",
    "depthwise": "spatial",
    "project": "narrow",
    "conv": "filter",
    "bn": "moments",
    "norm": "centred",
    "relu": "bend",
    "leaky": "slanted",
    "gelu": "smooth",
    "pool": "shrink",
    "head": "top",
    "classifier": "answer",
    "branch": "path",
    "squeeze": "summary",
    "excite": "gates",
    "up": "larger",
    "down": "smaller",
    "fc": "full",
    "mix": "stir",
    "token": "place",
    "channel": "depth",
}


def keras_name(role: str) -> str:
    """The Keras layer of a role such as `block2.expand_bn`: every word is another one, `unit2_widen_moments`."""
    return "_".join(_renamed(word) for word in role.replace(".", "_").split("_"))


def _renamed(word: str) -> str:
    letters = re.match(r"[a-z]*", word)
    start = letters.group() if letters is not None else ""
    return _WORDS.get(start, start) + word[len(start) :]
