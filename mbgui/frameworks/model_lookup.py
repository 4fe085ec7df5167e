"""What to say where a model cannot be had."""

from difflib import get_close_matches

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.source import ModelSource


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


def require_options(source: ModelSource, known: tuple[str, ...], *, also: tuple[str, ...] = ()) -> None:
    """Raise `MbguiError` with the nearest names unless every option of the source is one of `known` or `also`."""
    for option in source.options:
        if option.name not in (*known, *also):
            nearest = get_close_matches(option.name, known, n=3, cutoff=0.5)
            advice = f"The nearest are {', '.join(nearest)}. " if nearest else ""
            raise MbguiError(
                Problem(
                    sentence=f"{source.kind}:{source.name} has no option “{option.name}”.",
                    advice=f"{advice}`mbgui models {source.kind}:{source.name}` lists all.",
                    kind=ProblemKind.WRONG_USE,
                )
            )


def input_refused(name: str, sizes: tuple[int, ...], cause: BaseException) -> MbguiError:
    """The model does not take an input of these sizes; the framework's own words go into the detail."""
    text = "×".join(map(str, sizes))
    return MbguiError(
        Problem(
            sentence=f"{name} refuses an input of {f'{text} pixels' if len(sizes) == 2 else f'size {text}'}.",
            advice="Choose the input the model was made for: often 224x224 or 299x299 pixels, with channels 1x28x28, "
            "a vector 128, or several by name, a=224x224x3,b=10.",
            detail=f"{type(cause).__name__}: {cause}",
            kind=ProblemKind.WRONG_USE,
        )
    )


def weights_unavailable(name: str, *, file: str, folder: str, cause: BaseException) -> MbguiError:
    """The pretrained weights cannot be loaded: which file is missing and where it belongs."""
    return MbguiError(
        Problem(
            sentence=f"The ImageNet weights of {name} could not be downloaded: the network cannot be reached.",
            advice=f"Put the file {file} into {folder}, attach a file of your own (…@FILE), "
            "or compare without pretrained weights.",
            detail=f"{type(cause).__name__}: {cause}",
        )
    )
