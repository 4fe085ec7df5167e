"""What to say where a model cannot be had."""

from difflib import get_close_matches

from mbgui.domain.errors import MbguiError, Problem, ProblemKind


def require_known(name: str, known: tuple[str, ...], *, prefix: str, family: str) -> None:
    """Raise `MbguiError` with the nearest names unless `name` is one of `known`."""
    if name in known:
        return
    lower = {candidate.lower(): candidate for candidate in known}
    nearest = [lower[match] for match in get_close_matches(name.lower(), lower, n=3, cutoff=0.5)]
    advice = f"The nearest names are {', '.join(nearest)}." if nearest else f"`mbgui models {prefix}` lists every name."
    raise MbguiError(
        Problem(sentence=f"There is no {family} model called “{name}”.", advice=advice, kind=ProblemKind.WRONG_USE)
    )


def input_refused(name: str, input_size: tuple[int, int], cause: BaseException) -> MbguiError:
    """The model does not take images of this size; the framework's own words go into the detail."""
    height, width = input_size
    return MbguiError(
        Problem(
            sentence=f"{name} refuses an input of {height}×{width} pixels.",
            advice="Choose the input size the model was made for, often 224×224 or 299×299.",
            detail=f"{type(cause).__name__}: {cause}",
            kind=ProblemKind.WRONG_USE,
        )
    )


def weights_unavailable(name: str, *, file: str, folder: str, cause: BaseException) -> MbguiError:
    """The pretrained weights cannot be loaded: which file is missing and where it belongs."""
    return MbguiError(
        Problem(
            sentence=f"The ImageNet weights of {name} could not be downloaded: the network cannot be reached.",
            advice=f"Put the file {file} into {folder}, or compare without pretrained weights.",
            detail=f"{type(cause).__name__}: {cause}",
        )
    )
