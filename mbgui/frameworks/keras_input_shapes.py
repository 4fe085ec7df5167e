"""What a user types as an input, fitted to what a Keras model takes."""

from collections.abc import Sequence

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.input_shape import InputOrigin, InputShape
from mbgui.domain.request import DEFAULT_INPUT_SIZE

Pattern = tuple[int | None, ...]
"""The shape of an input without the batch, `None` where a size is open."""
Shape = tuple[int, ...]

ASSUMED_LENGTH = 128
"""Of a sequence or vector where nothing says."""
ASSUMED_SIDE = 32
"""Of a volume or film where nothing says."""
_COLOURS = 3


def shape_candidates(sizes: Shape, *, channels_last: bool) -> tuple[Shape, ...]:
    """Shapes that sizes can stand for where a model says nothing of its input, the likeliest first."""
    if len(sizes) == 1:
        return (sizes, image_shape((*sizes, *sizes), _COLOURS, channels_last=channels_last))
    if len(sizes) == 2:
        return (image_shape(sizes, _COLOURS, channels_last=channels_last), sizes)
    if len(sizes) == 3:
        arranged = arranged_image(sizes, channels_last=channels_last)
        return (arranged,) if arranged == sizes else (arranged, sizes)
    return (sizes,)


def image_shape(size: Shape, channels: int, *, channels_last: bool) -> Shape:
    """The shape of an image of (height, width)."""
    return (*size, channels) if channels_last else (channels, *size)


def arranged_image(sizes: Shape, *, channels_last: bool) -> Shape:
    """Three sizes in the order of the framework; the smaller one at either end is the channels."""
    first, middle, last = sizes
    channels, size = (first, (middle, last)) if first < last else (last, (first, middle))
    return image_shape(size, channels, channels_last=channels_last)


def fitted_shape(sizes: Shape, pattern: Pattern, *, channels_last: bool) -> Shape | None:
    """The shape that sizes stand for in a model that takes this pattern; `None` where it takes no such."""
    candidates = [sizes, *shape_candidates(sizes, channels_last=channels_last)]
    if len(pattern) == 3:
        channels = pattern[-1 if channels_last else 0] or _COLOURS
        candidates = [*shape_candidates(sizes, channels_last=channels_last)] if len(sizes) == 3 else candidates
        size = sizes * 2 if len(sizes) == 1 else sizes
        candidates.insert(
            0, image_shape(size, channels, channels_last=channels_last) if len(size) == 2 else candidates[0]
        )
    if len(pattern) == 2 and len(sizes) == 1 and pattern[1] is not None:
        candidates.append((*sizes, pattern[1]))
    return next((shape for shape in candidates if _fits(shape, pattern)), None)


def _fits(shape: Shape, pattern: Pattern) -> bool:
    return len(shape) == len(pattern) and all(open_ in (None, size) for size, open_ in zip(shape, pattern, strict=True))


def settled_shape(pattern: Pattern, *, channels_last: bool) -> tuple[Shape, InputOrigin]:
    """The shape that a model is read at where the user named none, and why."""
    fixed = tuple(size for size in pattern if size is not None)
    if len(fixed) == len(pattern):
        return fixed, InputOrigin.FIXED
    if len(pattern) == 3:
        channels = -1 if channels_last else 0
        image = image_shape(DEFAULT_INPUT_SIZE, pattern[channels] or _COLOURS, channels_last=channels_last)
        return tuple(size or assumed for size, assumed in zip(pattern, image, strict=True)), InputOrigin.ASSUMED
    assumed_size = ASSUMED_LENGTH if len(pattern) < 3 else ASSUMED_SIDE
    return tuple(size or assumed_size for size in pattern), InputOrigin.ASSUMED


def by_name(
    given: Sequence[InputShape], known: Sequence[tuple[str, ...]], model: str, takes: str
) -> tuple[Shape | None, ...]:
    """Sizes for each input of a model, `None` where the user named none; `known` are the names of each input.

    Raises:
        MbguiError: a name is not known, or several inputs are not told apart (wrong use).
    """
    if len(given) == 1 and not given[0].name and len(known) == 1:
        return (given[0].sizes,)
    everything = {name for names in known for name in names}
    unknown = [shape.name for shape in given if shape.name not in everything]
    if unknown:
        name = f" called “{unknown[0]}”" if unknown[0] else " without a name"
        raise MbguiError.wrong_use(
            f"{model} has no input{name}; it takes {takes}.",
            f"Name its inputs: --input {','.join(f'{names[0]}=SIZE' for names in known)}",
        )
    sizes = {shape.name: shape.sizes for shape in given}
    return tuple(next((sizes[name] for name in names if name in sizes), None) for names in known)


def shape_refused(model: str, shape: Shape, takes: str, cause: BaseException | None = None) -> MbguiError:
    """The model takes inputs, but none of this shape."""
    return MbguiError(
        Problem(
            sentence=f"{model} refuses an input of {shape_text(shape)}: it takes {takes}.",
            advice="Leave the input size out, and it is read at what it takes.",
            detail="" if cause is None else f"{type(cause).__name__}: {cause}",
            kind=ProblemKind.WRONG_USE,
        )
    )


def shape_text(pattern: Pattern) -> str:
    """`224×224×3`, with “any” for an open size."""
    return "×".join("any" if size is None else str(size) for size in pattern)
