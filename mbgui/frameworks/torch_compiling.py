"""`torch.compile` for a model that is timed: refused where there is no compiler, and nothing stays on the disk."""

import importlib
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from mbgui.domain.error_text import error_detail, is_out_of_memory
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import COMPILE_FOLDER, CallPath
from mbgui.frameworks.cpp_compiler import compiler_command, has_compiler

_FOLDER = "TORCHINDUCTOR_CACHE_DIR"


def require_compiler() -> None:
    """Raises `MbguiError` where there is no C++ compiler."""
    if not has_compiler():
        raise _not_compiled(
            f"there is no C++ compiler: “{compiler_command()}” is not found",
            "Install one, or name it in the environment variable CXX.",
        )


def compiled(model: nn.Module) -> Callable[..., object]:
    """The model as `torch.compile` runs it; it is compiled at the first call, which is to be made in `compiling`.

    Raises:
        MbguiError: there is no compiler, or nothing that could be compiled.
    """
    if isinstance(model, torch.jit.ScriptModule):
        raise _not_compiled("TorchScript is compiled already, by other means", f"Choose “{CallPath.EAGER}”.")
    require_compiler()
    _keep_nothing()
    torch._dynamo.reset()  # noqa: SLF001  what was compiled before would count for this model
    run: Callable[..., object] = torch.compile(model, dynamic=False)
    return run


@contextmanager
def compiling() -> Iterator[None]:
    """Around the first call: what Inductor writes goes to a private folder that is removed when it is loaded.

    Raises:
        MbguiError: compiling failed, or PyTorch found nothing to compile and would run the model as it is.
    """
    before = os.environ.get(_FOLDER)
    graphs = _graph_count()
    prefix = COMPILE_FOLDER.format(process_id=os.getpid())
    try:
        with (
            tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder,
            warnings.catch_warnings(),
        ):
            warnings.filterwarnings("ignore", message="dynamo_pgo force disabled")  # that is what was asked for
            os.environ[_FOLDER] = folder
            yield
    except MbguiError:
        raise
    except Exception as error:  # the compiler and everything that leads to it can fail in many ways
        raise _failed(error) from error
    finally:
        os.environ.pop(_FOLDER, None)
        if before is not None:
            os.environ[_FOLDER] = before
    if _graph_count() == graphs:
        raise _not_compiled("PyTorch finds nothing in this model to compile", f"Choose “{CallPath.EAGER}”.")


def forget_compiled() -> None:
    """Let go of everything that was compiled."""
    torch._dynamo.reset()  # noqa: SLF001


def _keep_nothing() -> None:
    """No caches, which Inductor pickles to the disk, and no processes that compile beside this one."""
    inductor: Any = importlib.import_module("torch._inductor.config")
    inductor.force_disable_caches = True
    inductor.compile_threads = 1


def _graph_count() -> int:
    dynamo: Any = importlib.import_module("torch._dynamo.utils")
    return int(dynamo.counters["stats"]["unique_graphs"])


def _failed(error: Exception) -> BaseException:
    cause = _innermost(error)
    if is_out_of_memory(cause):
        return cause
    if isinstance(cause, PermissionError):
        return _not_compiled(
            "the process that reads a file may start no program and write nothing",
            f"Choose “{CallPath.EAGER}”, or build the model by code without a file.",
            error,
        )
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    said = (lines[0] if lines else type(cause).__name__)[:200].rstrip(" .:")
    return _not_compiled(f"{type(cause).__name__}: {said}", f"Choose “{CallPath.EAGER}”.", error)


def _innermost(error: BaseException) -> BaseException:
    """The error that Dynamo's and Inductor's own are put around."""
    inner = getattr(error, "inner_exception", None) or error.__cause__
    return error if inner is None or inner is error else _innermost(inner)


def _not_compiled(reason: str, advice: str, error: Exception | None = None) -> MbguiError:
    return MbguiError(
        Problem(
            sentence=f"“{CallPath.COMPILE}” cannot be used ({reason}).",
            advice=advice,
            detail="" if error is None else error_detail(error),
        )
    )
