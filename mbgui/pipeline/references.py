"""What a user types, read as the records it stands for."""

import re
from difflib import get_close_matches

from mbgui.domain.errors import MbguiError
from mbgui.domain.request import ModelSource, SourceKind

_NAME = re.compile(r"[A-Za-z0-9_.\-]+")
_SIZE = re.compile(r"\s*(\d{1,6})\s*(?:[x×,*]\s*(\d{1,6})\s*)?", re.IGNORECASE)
_SIZE_ADVICE = "Write height and width in pixels: 224x224, or 224 for a square."
_SOURCE_ADVICE = (
    "A model is named by where it comes from and its name: torchvision:mobilenet_v2 or keras:MobileNetV2. "
    "`mbgui models` lists all."
)


def parse_source(text: str) -> ModelSource:
    """The model that `torchvision:NAME` or `keras:NAME` names; whether it exists is for its framework to say.

    Raises:
        MbguiError: it is no such reference (wrong use).
    """
    word, colon, name = text.strip().partition(":")
    kinds = {kind.value: kind for kind in SourceKind}
    if not colon:
        raise MbguiError.wrong_use(f"“{text.strip()}” does not say where the model comes from.", _SOURCE_ADVICE)
    if word.lower() not in kinds:
        near = get_close_matches(word.lower(), kinds, n=1)
        hint = f" Did you mean {near[0]}:{name}?" if near else ""
        raise MbguiError.wrong_use(
            f"“{word}” is no known source of models; known are {' and '.join(kinds)}.{hint}", _SOURCE_ADVICE
        )
    if not name:
        raise MbguiError.wrong_use(f"“{text.strip()}” holds no model name after the colon.", _SOURCE_ADVICE)
    if not _NAME.fullmatch(name):
        raise MbguiError.wrong_use(
            f"“{name}” is no model name: those are made of letters, digits, dashes, points and underscores.",
            _SOURCE_ADVICE,
        )
    return ModelSource(kind=kinds[word.lower()], name=name)


def parse_input_size(text: str) -> tuple[int, int]:
    """(height, width) in pixels from `224x192`, or from `224` for a square.

    Raises:
        MbguiError: it is neither, or a side is 0 (wrong use).
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise MbguiError.wrong_use(f"“{text}” is no input size.", _SIZE_ADVICE)
    height = int(found[1])
    width = int(found[2]) if found[2] else height
    if not height or not width:
        raise MbguiError.wrong_use("An input side has to be at least 1 pixel.", _SIZE_ADVICE)
    return height, width
