"""An exception in words: one line for a sentence, everything for the detail behind it."""

import traceback

_LONGEST = 200
_MEMORY_SIGNS = ("can't allocate memory", "out of memory", "OOM when allocating", "bad_alloc")
_OUT_OF_MEMORY = "ResourceExhaustedError"
"""TensorFlow's own kind."""


def error_line(error: BaseException) -> str:
    """The first line of what an error says, at most 200 characters; its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return (lines[0].strip() if lines else type(error).__name__)[:_LONGEST].rstrip(". :")


def error_summary(error: BaseException) -> str:
    """The kind of an error and the first line of its text: `ValueError: no luck`."""
    kind, line = type(error).__name__, error_line(error)
    return kind if line == kind else f"{kind}: {line}"


def error_detail(error: BaseException) -> str:
    """The whole traceback."""
    return "".join(traceback.format_exception(error)).strip()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error, of whatever framework, says that there was not enough memory."""
    is_named = isinstance(error, MemoryError) or type(error).__name__ == _OUT_OF_MEMORY
    return is_named or any(sign in str(error) for sign in _MEMORY_SIGNS)
