"""Files that hold a model: whose they are, and what to say of those that hold none."""

from pathlib import PurePath

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import ModelFile
from mbgui.model_files.inspection import inspect_file
from mbgui.model_files.signature import recognise

_EXAMPLES = {
    Framework.PYTORCH: "torchvision:mobilenet_v2@{path}",
    Framework.KERAS: "keras:MobileNetV2@{path}",
    None: "torchvision:mobilenet_v2@{path} or keras:MobileNetV2@{path}",
}


def recognised_framework(path: str) -> Framework | None:
    """The framework of the model in a file, by its content; `None` where it holds no model. Raises `MbguiError`."""
    return recognise(path)


def require_model_file(path: str, framework: Framework, memory_bytes: int) -> ModelFile:
    """What is in a file with a model of this framework; it may unpack to so many bytes.

    Raises:
        MbguiError: it cannot be read, holds something that is not executed, weights only, or another framework's model.
    """
    file = inspect_file(path, with_statistics=False, memory_bytes=memory_bytes)
    if file.refusal is not None or not file.holds_model:
        raise no_model_file(file)
    if file.framework is not framework:
        raise MbguiError(
            Problem(
                sentence=f"{PurePath(path).name} holds a {file.format}, whatever its name says.",
                advice="Give it a suffix that fits what it holds.",
            )
        )
    return file


def require_tensors(path: str, memory_bytes: int) -> ModelFile:
    """What is in a file with weights. Raises `MbguiError` where it cannot be read or would have to be executed."""
    file = inspect_file(path, with_statistics=False, memory_bytes=memory_bytes)
    if file.refusal is not None:
        raise MbguiError(file.refusal)
    return file


def no_model_file(file: ModelFile) -> MbguiError:
    """Why a file cannot be opened as a model: it was refused, or it holds weights only."""
    if file.refusal is not None:
        return MbguiError(file.refusal)
    name, count = PurePath(file.path).name, len(file.tensors)
    example = _EXAMPLES[file.framework].format(path=name)
    return MbguiError(
        Problem(
            sentence=f"{name} holds weights only ({count} tensor{'' if count == 1 else 's'}), not how they are used.",
            advice=f"Attach it to an architecture: {example} or package.module:callable@{name}.",
        )
    )
