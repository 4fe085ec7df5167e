"""What a user types to name a model, read as the record it stands for."""

import re
from pathlib import Path
from urllib.parse import unquote

from mbgui.domain.errors import MbguiError
from mbgui.domain.option_text import OptionValue, option_value
from mbgui.domain.source import (
    MODEL_SUFFIXES,
    ZOO_FRAMEWORKS,
    ModelSource,
    SourceKind,
    SourceOption,
    WeightsFile,
)

_NAME = re.compile(r"[A-Za-z0-9_.\-]+")
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_WEIGHTS_SETTINGS = re.compile(r"(strip|partial)=[^&?]*(&(strip|partial)=[^&?]*)*")
_SOURCE_ADVICE = (
    "Name a model of a zoo (torchvision:mobilenet_v2, keras:MobileNetV2), a callable of your own "
    "(package.module:callable) or a file (net.keras, net.pt2). `mbgui models` lists both zoos."
)


def parse_source(text: str) -> ModelSource:
    """The model that a text names: `torchvision:NAME?options@WEIGHTS`, `module:callable?options@WEIGHTS`, or a file.

    Paths become absolute. Whether the model exists is for its framework to say.

    Raises:
        MbguiError: it is no such reference (wrong use).
    """
    stripped = text.strip()
    if _is_file(stripped):
        return ModelSource(kind=SourceKind.FILE, name=_absolute(stripped))
    architecture, at, weights = stripped.partition("@")
    called, mark, options = architecture.partition("?")
    kind, name = _called(called.strip(), stripped)
    return ModelSource(
        kind=kind,
        name=name,
        options=parse_options(options) if mark else (),
        weights=_weights_file(weights.strip(), stripped) if at else None,
    )


def parse_options(text: str) -> tuple[SourceOption, ...]:
    """Keyword arguments from `alpha=0.5&weights=none`.

    Raises:
        MbguiError: a part has no name or no value, or a name comes twice (wrong use).
    """
    found: dict[str, OptionValue] = {}
    for part in filter(None, text.split("&")):
        name, equals, value = part.partition("=")
        if not equals or not name.strip().isidentifier():
            raise MbguiError.wrong_use(
                f"“{part}” is no option of a model.",
                "Write options as name=value, joined by &: ?alpha=0.5&num_classes=10.",
            )
        if name.strip() in found:
            raise MbguiError.wrong_use(f"The option “{name.strip()}” is given twice.", "Give it once.")
        found[name.strip()] = option_value(unquote(value.strip()))
    return tuple(SourceOption(name=name, value=value) for name, value in found.items())


def _is_file(text: str) -> bool:
    """Whether a text names a file: one that is there, or one that would have the suffix of a model file."""
    if not text or text.partition(":")[0].lower() in set(ZOO_FRAMEWORKS):
        return False
    try:
        path = Path(text).expanduser()
        if path.is_file() or (path.is_dir() and len(path.parts) > 1):
            return True
        is_pipe_or_device = path.exists() and not path.is_dir()
    except (OSError, ValueError, RuntimeError):  # too long, a NUL in it, or no such user
        return False
    return is_pipe_or_device or (path.suffix.lower() in MODEL_SUFFIXES and "@" not in text and "?" not in text)


def _absolute(text: str) -> str:
    return str(Path(text).expanduser().absolute())


def _called(called: str, text: str) -> tuple[SourceKind, str]:
    """The kind and the name of what stands before options and weights."""
    word, colon, name = called.partition(":")
    if not colon:
        raise MbguiError.wrong_use(f"“{text}” does not say where the model comes from.", _SOURCE_ADVICE)
    if word.lower() not in set(ZOO_FRAMEWORKS):
        return SourceKind.PYTHON, _callable_name(called)
    if not name:
        raise MbguiError.wrong_use(f"“{text}” holds no model name after the colon.", _SOURCE_ADVICE)
    if not _NAME.fullmatch(name):
        raise MbguiError.wrong_use(
            f"“{name}” is no model name: those are made of letters, digits, dashes, points and underscores.",
            _SOURCE_ADVICE,
        )
    return SourceKind(word.lower()), name


def _callable_name(called: str) -> str:
    """`package.module:callable`, or the absolute path of a file of Python code with a callable in it."""
    module, _, name = called.rpartition(":")
    is_script = module.lower().endswith(".py")
    if not _DOTTED.fullmatch(name) or not (is_script or _DOTTED.fullmatch(module)):
        raise MbguiError.wrong_use(f"“{called}” names neither a model of a zoo nor a callable.", _SOURCE_ADVICE)
    return f"{_absolute(module)}:{name}" if is_script else called


def _weights_file(text: str, whole: str) -> WeightsFile:
    path, mark, tail = text.rpartition("?")
    if not mark or not _WEIGHTS_SETTINGS.fullmatch(tail):
        path, tail = text, ""
    if not path:
        raise MbguiError.wrong_use(f"“{whole}” names no file after the @.", "Name a file with weights: …@weights.pth.")
    settings = {name: unquote(value) for name, _, value in (part.partition("=") for part in tail.split("&"))}
    partial = settings.get("partial", "false").lower()
    if partial not in ("true", "false"):
        raise MbguiError.wrong_use(f"“partial={partial}” is neither true nor false.", "Write partial=true.")
    return WeightsFile(path=_absolute(path), strip_prefix=settings.get("strip", ""), is_partial=partial == "true")
