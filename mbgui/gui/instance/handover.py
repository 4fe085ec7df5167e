"""What a second start hands to the instance that is running: one short line of JSON, and nothing of it is trusted."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

MOST_PATHS = 16
"""Each becomes a window."""
LONGEST_PATH = 4096
"""Characters; `PATH_MAX` of Linux, and more than other systems take."""
LONGEST_TOKEN = 512
LONGEST_LINE_BYTES = 1 << 20
"""More than any hand-over takes: `MOST_PATHS` paths of `LONGEST_PATH` characters of at most twelve bytes each."""
_VERSION = 1
_KEYS = {"mbgui_handover", "paths", "omitted", "activation_token"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Absolute paths of the files to open, none to bring the window to the front.

    `omitted` is how many more files were named than are taken at once. The desktop lets a program raise its window
    only with the `activation_token` that it gave whoever was clicked on.
    """

    paths: tuple[str, ...] = ()
    omitted: int = 0
    activation_token: str = ""

    @classmethod
    def of_start(cls, names: Sequence[str], environment: Mapping[str, str]) -> Self:
        """What a start with these file names, relative to the current folder, has to say."""
        paths = [os.path.abspath(name) for name in names]  # noqa: PTH100  a link stays what the user called it
        fitting = [path for path in paths if len(path) <= LONGEST_PATH]
        token = environment.get("XDG_ACTIVATION_TOKEN") or environment.get("DESKTOP_STARTUP_ID") or ""
        taken = tuple(fitting[:MOST_PATHS])
        return cls(paths=taken, omitted=len(paths) - len(taken), activation_token=token[:LONGEST_TOKEN])

    def encode(self) -> bytes:
        """One line, its end included. File names that are no UTF-8 survive as escapes."""
        import json  # noqa: PLC0415  a first start has no use for it

        fields = {
            "mbgui_handover": _VERSION,
            "paths": self.paths,
            "omitted": self.omitted,
            "activation_token": self.activation_token,
        }
        return json.dumps(fields).encode("ascii") + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> Self:
        """The hand-over in a line. Raises `ValueError` for anything that `encode` does not write."""
        import json  # noqa: PLC0415

        if len(line) > LONGEST_LINE_BYTES:
            raise ValueError("the line is too long")
        try:
            fields = json.loads(line)
        except RecursionError as error:
            raise ValueError("the line is nested too deep") from error
        if not isinstance(fields, dict) or set(fields) != _KEYS or fields["mbgui_handover"] != _VERSION:
            raise ValueError("the line is no hand-over of this version")
        paths, omitted, token = fields["paths"], fields["omitted"], fields["activation_token"]
        if not _are_paths(paths):
            raise ValueError("the paths are none")
        if type(omitted) is not int or omitted < 0:
            raise ValueError("the count is none")
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not token.isprintable():
            raise ValueError("the token is none")
        return cls(paths=tuple(paths), omitted=omitted, activation_token=token)


def _are_paths(paths: object) -> bool:
    return isinstance(paths, list) and len(paths) <= MOST_PATHS and all(_is_path(path) for path in paths)


def _is_path(path: object) -> bool:
    """Whether it could be the absolute path of a file here, whatever is there."""
    if not isinstance(path, str) or len(path) > LONGEST_PATH or "\0" in path:
        return False
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return os.path.isabs(path)  # noqa: PTH117
