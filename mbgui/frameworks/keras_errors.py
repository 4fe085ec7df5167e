"""What Keras says when something fails, in a form that fits into a sentence."""

import re

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 220
_UNSUPPORTED = re.compile(r"Detected unsupported operations .*? on XLA_\w+: (\w+)")


def said(error: BaseException) -> str:
    """The first sentence of an error without the frame and the colours that Keras puts around it; its kind for none."""
    is_quoted = isinstance(error, KeyError) and len(error.args) == 1  # its text is its argument as Python spells it
    text = str(error.args[0]) if is_quoted else str(error)
    lines = [line.strip() for line in _COLOURS.sub("", text).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("Exception encountered")]
    first = (telling or lines or [type(error).__name__])[0]
    return first.split(". ")[0][:_LONGEST].rstrip(" .:")


def reason(error: BaseException) -> str:
    """The kind of an error and what it says; of what XLA cannot compile, only the operation's name."""
    unsupported = _UNSUPPORTED.search(str(error))
    if unsupported is not None:
        return f"XLA cannot compile its operation {unsupported[1]}"
    kind, text = type(error).__name__, said(error)
    return kind if kind == text else f"{kind}: {text}"
