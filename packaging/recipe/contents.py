"""What of the installed distributions goes into the app beside the window, what stays out, and why.

The frameworks go in as they were installed, a tree of files: TorchScript, AutoGraph and Dynamo read sources, the wheels
find their libraries beside themselves, and the build need not import a framework to learn what it imports. So all that
has to be known here is what nothing in the app ever uses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHILD_ROOTS = ("torch", "torchvision", "tensorflow", "keras", "h5py", "numpy")
"""What the children import; it goes in whole. What else mbgui requires is for PyInstaller to find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Files that stay out: whole distributions by their canonical names, or paths below site-packages by patterns.

    `*` in a pattern stands for any part of a path, slashes too.
    """

    name: str
    reason: str
    distributions: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def covers(self, distribution: str, path: str) -> bool:
        """Whether a file of that distribution stays out."""
        return distribution in self.distributions or any(fnmatch(path, pattern) for pattern in self.patterns)


EXCLUSIONS = (
    Exclusion(
        name="triton",
        reason="compiles for graphics cards; models are timed on the processor, and Inductor does without it there",
        distributions=frozenset({"triton"}),
    ),
    Exclusion(
        name="Python's face of CUDA",
        reason="torch imports it only to compile for a graphics card",
        distributions=frozenset({"cuda-bindings", "cuda-pathfinder", "cuda-toolkit"}),
    ),
    Exclusion(
        name="libclang",
        reason="TensorFlow asks for it to build operators from source",
        distributions=frozenset({"libclang"}),
    ),
    Exclusion(
        name="grpcio",
        reason="for training on several machines",
        distributions=frozenset({"grpcio"}),
    ),
    Exclusion(
        name="TensorBoard",
        reason="nothing is logged to it; older TensorFlow asks for it",
        distributions=frozenset({"tensorboard", "tensorboard-data-server", "werkzeug", "markdown"}),
    ),
    Exclusion(
        name="TensorFlow's headers",
        reason="for operators written in C++; XLA needs none",
        patterns=("tensorflow/include/*", "tensorflow/xla_aot_runtime_src/*"),
    ),
    Exclusion(
        name="other Keras backends",
        reason="the Keras side runs on TensorFlow",
        patterns=tuple(f"keras/src/backend/{name}/*" for name in ("jax", "torch", "openvino")),
    ),
    Exclusion(
        name="tests",
        reason="the packages test themselves with them",
        patterns=("*/tests/*", "*_test.py", "*/conftest.py", "torch/test/*", "torchgen/test/*"),
    ),
    Exclusion(
        name="what only a compiler reads",
        reason="type stubs, Cython's and Fortran's sources, static libraries; PyTorch's headers stay for torch.compile",
        patterns=("*.pyi", "*.pyx", "*.pxd", "*.pxi", "*.a", "*.lib", "*.cmake", "*.f90", "numpy/*.h", "nvidia/*.h"),
    ),
    Exclusion(
        name="traces of the installation",
        reason="where it was installed from, and what pip runs at the start of an interpreter",
        patterns=("*.dist-info/direct_url.json", "*.pth"),
    ),
    Exclusion(
        name="protoc",
        reason="for building; torch_shm_manager beside it stays, torch looks for it when it is imported",
        patterns=("torch/bin/protoc*",),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledFile:
    """A file of a distribution: where it lies, and its path below site-packages."""

    distribution: str
    path: str
    source: Path


def required_distributions(roots: Iterable[str]) -> tuple[str, ...]:
    """The canonical names of these distributions and of all that they require here, sorted.

    Raises:
        importlib.metadata.PackageNotFoundError: one of the roots is not installed.
    """
    waiting = [Requirement(root) for root in roots]
    for root in waiting:
        metadata.distribution(root.name)
    seen: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        for extra in ("", *wanted.extras):
            key = (canonicalize_name(wanted.name), extra)
            if key not in seen and (requirements := _requirements(wanted.name, extra)) is not None:
                seen.add(key)
                waiting.extend(requirements)
    return tuple(sorted({name for name, _ in seen}))


def _requirements(name: str, extra: str) -> list[Requirement] | None:
    """What a distribution requires here for one of its extras; `None` where it is not installed (an optional one)."""
    try:
        requirements = [Requirement(text) for text in metadata.requires(name) or ()]
    except metadata.PackageNotFoundError:
        return None
    return [
        requirement
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra})
    ]


def installed_files(distributions: Iterable[str]) -> Iterator[InstalledFile]:
    """Every file that these distributions brought below site-packages; no scripts beside it, no byte code."""
    for name in distributions:
        for file in metadata.files(name) or ():
            source = Path(str(file.locate()))
            if not {"..", "__pycache__"} & set(file.parts) and source.is_file():
                yield InstalledFile(distribution=name, path=PurePosixPath(file).as_posix(), source=source)


def module_names(distributions: Iterable[str]) -> frozenset[str]:
    """The top-level modules and packages that these distributions brought, those that stay out, too."""
    first = (
        file.path.partition("/")[0] for file in installed_files(distributions) if file.path.endswith((".py", ".so"))
    )
    return frozenset(name.partition(".")[0] for name in first if "-" not in name)


def exclusion_of(file: InstalledFile, exclusions: Iterable[Exclusion] = EXCLUSIONS) -> Exclusion | None:
    """Why a file stays out; `None` where it goes in."""
    return next((exclusion for exclusion in exclusions if exclusion.covers(file.distribution, file.path)), None)
