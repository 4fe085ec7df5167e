"""The sentences with which a file, or what is in it, is refused."""

from pathlib import PurePath

from mbgui.domain.errors import MbguiError, Problem

SAFE_WAYS_TORCH = (
    "Export it as .pt2 (torch.export.save), save the weights only (torch.save(model.state_dict(), …)), "
    "or give module:callable that builds it."
)
SAFE_WAYS_KERAS = "Give module:callable that builds it, or save its weights only (model.save_weights(…))."
SAVE_ANEW = "Get the file again, or save it anew from where it came."


class DamagedFileError(MbguiError):
    """A file that is cut off, or whose parts do not agree."""


def refused(path: str, reason: str, advice: str = SAVE_ANEW, detail: str = "") -> MbguiError:
    """Why a file is not opened: `reason` goes on after the name of the file ("holds …")."""
    return MbguiError(Problem(sentence=f"{file_name(path)} {reason}.", advice=advice, detail=detail))


def damaged(path: str, what: str, detail: str = "") -> MbguiError:
    """A file that is cut off or damaged: `what` is wrong with it ("its directory ends early")."""
    return DamagedFileError(
        Problem(sentence=f"{file_name(path)} is damaged or cut off: {what}.", advice=SAVE_ANEW, detail=detail)
    )


def too_large(path: str, what: str) -> MbguiError:
    """A file that would take more memory or work than it may."""
    return refused(
        path, f"would take too much to read: {what}", "If you trust it, let it take more memory (--file-memory GIB)."
    )


def file_name(path: str) -> str:
    """The name by which a sentence calls a file."""
    return PurePath(path).name or path


def quoted(text: object, limit: int = 80) -> str:
    """A piece of a file as it may stand in a sentence: one line, printable, not too long."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in str(text))
    return plain if len(plain) <= limit else f"{plain[: limit - 1]}…"
