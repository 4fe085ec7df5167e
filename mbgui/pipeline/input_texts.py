"""What a user types as the input of a model, read as the records it stands for."""

import re

from mbgui.domain.errors import MbguiError
from mbgui.domain.input_shape import InputShape

_SIZES = re.compile(r"\s*\d{1,6}\s*(?:[x×*]\s*\d{1,6}\s*){0,7}", re.IGNORECASE)
_NAME = re.compile(r"[\w.\-/:]+")
_PAIR = re.compile(r"\s*\d{1,6}\s*,\s*\d{1,6}\s*")
_ADVICE = (
    "Write height and width in pixels (224x224), with channels (1x28x28), a length (128), "
    "or several inputs by name (image=224x224x3,angle=10)."
)


def parse_inputs(text: str) -> tuple[InputShape, ...]:
    """The inputs that `224x224`, `1x28x28`, `128` or `a=224x224x3,b=10` name; none for an empty text or `auto`.

    Raises:
        MbguiError: it is none of these, or a size is 0 (wrong use).
    """
    stripped = text.strip()
    if not stripped or stripped.lower() == "auto":
        return ()
    if _PAIR.fullmatch(stripped):  # "224,224"
        stripped = stripped.replace(",", "x")
    inputs = tuple(_input(part, text) for part in stripped.split(","))
    if len(inputs) > 1 and len({shape.name for shape in inputs}) < len(inputs):
        raise MbguiError.wrong_use(f"“{text}” does not tell its inputs apart by name.", _ADVICE)
    return inputs


def _input(part: str, text: str) -> InputShape:
    name, equals, sizes = part.rpartition("=")
    if not _SIZES.fullmatch(sizes) or (equals and not _NAME.fullmatch(name.strip())):
        raise MbguiError.wrong_use(f"“{text}” is no input size.", _ADVICE)
    numbers = tuple(int(size) for size in re.findall(r"\d+", sizes))
    if 0 in numbers:
        raise MbguiError.wrong_use("An input side has to be at least 1 pixel.", _ADVICE)
    return InputShape(sizes=numbers, name=name.strip())
