"""The C++ compiler that PyTorch's Inductor calls."""

import os
import shlex
import shutil
import sys

_BY_PLATFORM = {"darwin": "clang++", "win32": "cl"}


def compiler_command() -> str:
    """The command without its arguments: that in `CXX`, else that of the platform (torch._inductor.config, cpp.cxx)."""
    given = os.environ.get("CXX", _BY_PLATFORM.get(sys.platform, "g++"))
    if sys.platform == "win32":
        return given
    return next(iter(shlex.split(given)), "")


def has_compiler() -> bool:
    """Whether that command is there."""
    return shutil.which(compiler_command()) is not None
