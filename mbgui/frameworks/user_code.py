"""The user's own code: a callable that builds a model, named `package.module:callable`, run in this process only."""

import importlib
import importlib.util
import inspect
import random
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from mbgui.domain.error_text import error_detail, error_summary
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.domain.source import ZOO_FRAMEWORKS, ModelSource

_FRAMEWORK_MODULES = {"torch": Framework.PYTORCH, "keras": Framework.KERAS, "tensorflow": Framework.KERAS}
_MODEL_CLASSES = {("torch", "Module"): Framework.PYTORCH, ("keras", "Layer"): Framework.KERAS}
_IMPORTS_TORCH = re.compile(r"^\s*(import|from)\s+torch\b", re.MULTILINE)
_IMPORTS_KERAS = re.compile(r"^\s*(import|from)\s+(keras|tensorflow)\b", re.MULTILINE)
_IMPORTABLE = (
    "Make the code importable, or name the folder that its own modules are in: --path, or Code folders in the window."
)
_RELATIVE = "A file in a package is named by its package: package.module:callable, with the package's folder as --path."
_ANY_FAILURE = (Exception, SystemExit)
"""What the user's code can raise; `sys.exit()` in a script must not end this process without a word."""


class UserCode:
    """One callable of the user's. Nothing is imported before it is asked for.

    Code is looked for in `folders`, then in the current folder, then among the installed packages.
    """

    def __init__(self, source: ModelSource, folders: tuple[str, ...], seed: int) -> None:
        self._source = source
        self._folders = folders
        self._seed = seed
        self._module_name, _, self._callable_name = source.name.rpartition(":")

    def framework(self) -> Framework:
        """The framework that the code imports, or where it imports both or none, that of the model it builds.

        Raises:
            MbguiError: the code cannot be imported, or what it builds is no model of either framework.
        """
        self._found  # noqa: B018  importing it is what tells
        loaded = {framework for name, framework in _FRAMEWORK_MODULES.items() if name in sys.modules}
        return loaded.pop() if len(loaded) == 1 else self._framework_of_product()

    @property
    def is_built(self) -> bool:
        """Whether the model is there already, before it was asked for."""
        found = self.__dict__.get("_found")
        is_model = _framework_of(found) is not None and not isinstance(found, type)
        return "_product" in self.__dict__ or is_model

    def build(self) -> object:
        """What the callable returns, called once; a model that stands in its place is taken as it is.

        Raises:
            MbguiError: the code cannot be imported or raised an error.
        """
        return self._product

    @cached_property
    def _found(self) -> Any:
        """The object that is named; importing its module runs the user's code."""
        self._extend_path()
        place: Any = self._import()
        for name in self._callable_name.split("."):
            if not hasattr(place, name):
                raise _missing(self._module_name, name, place)
            place = getattr(place, name)
        return place

    @cached_property
    def _product(self) -> object:
        found = self._found
        if _framework_of(found) is not None and not isinstance(found, type):
            return found
        if not callable(found):
            raise MbguiError.wrong_use(
                f"{self._source.name} is of type {type(found).__name__}, which cannot be called.",
                "Name a function or class that returns the model.",
            )
        options = {option.name: option.value for option in self._source.options}
        self._seed_everything()
        try:
            return found(**options)
        except _ANY_FAILURE as error:
            raise self._failed(error, options) from error

    def _seed_everything(self) -> None:
        """Seed what is loaded so far; each adapter seeds its own framework as well."""
        random.seed(self._seed)
        np.random.seed(self._seed)  # the user's code may draw from the global generator
        torch: Any = sys.modules.get("torch")
        keras: Any = sys.modules.get("keras")
        if torch is not None:
            torch.manual_seed(self._seed)
        if keras is not None:
            keras.utils.set_random_seed(self._seed)

    def _framework_of_product(self) -> Framework:
        product = self._product
        framework = _framework_of(product)
        if framework is None:
            raise no_model(self._source, product)
        return framework

    def _extend_path(self) -> None:
        script = [str(Path(self._module_name).parent)] if self._is_script else []
        for folder in reversed((*script, *self._folders, str(Path.cwd()))):
            if folder not in sys.path:
                sys.path.insert(0, folder)
        importlib.invalidate_caches()

    def _wants_both_frameworks(self) -> bool:
        """Whether the module itself imports both; read as text, for importing is what the order matters to."""
        parts = Path(*self._module_name.split("."))
        modules = (Path(folder, parts) for folder in sys.path)
        files = (file for module in modules for file in (module / "__init__.py", module.with_suffix(".py")))
        places = (Path(self._module_name),) if self._is_script else files
        file = next((place for place in places if place.is_file()), None)
        text = "" if file is None else file.read_text(encoding="utf-8", errors="replace")
        return bool(_IMPORTS_TORCH.search(text) and _IMPORTS_KERAS.search(text))

    @property
    def _is_script(self) -> bool:
        return self._module_name.lower().endswith(".py")

    def _import(self) -> ModuleType:
        try:
            if self._wants_both_frameworks():  # PyTorch, all that is needed of it, has to come before TensorFlow
                importlib.import_module("mbgui.frameworks.torch_adapter")
            return _import_script(Path(self._module_name)) if self._is_script else self._import_module()
        except MbguiError:
            raise
        except _ANY_FAILURE as error:
            raise MbguiError(
                Problem(
                    sentence=f"Importing {self._module_name} failed ({error_summary(error)}).",
                    advice=_RELATIVE if "relative import" in str(error) else _IMPORTABLE,
                    detail=error_detail(error),
                )
            ) from error

    def _import_module(self) -> ModuleType:
        try:
            return importlib.import_module(self._module_name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{self._module_name}.".startswith(f"{error.name}."):
                raise
            raise _no_module(self._source, error, (*self._folders, str(Path.cwd()))) from error

    def _failed(self, error: BaseException, options: Mapping[str, object]) -> MbguiError:
        arguments = ", ".join(f"{name}={value!r}" for name, value in options.items())
        takes = f"It takes ({_parameters(self._found)}); give them as options, {self._source.name}?name=value."
        is_about_arguments = isinstance(error, TypeError) and f"{self._callable_name.rpartition('.')[2]}" in str(error)
        return MbguiError(
            Problem(
                sentence=f"{self._source.name} raised an error when called with ({arguments}): {error_summary(error)}.",
                advice=takes if is_about_arguments else "The details show where in your code; mend it there.",
                detail=error_detail(error),
                kind=ProblemKind.WRONG_USE if is_about_arguments else ProblemKind.FAILED,
            )
        )


def _parameters(found: object) -> str:
    """The arguments of a callable as they are written; dots where it does not tell."""
    try:
        parameters = inspect.signature(found).parameters if callable(found) else {}
    except (TypeError, ValueError):
        return "…"
    return ", ".join(str(parameter) for parameter in parameters.values())


def no_model(source: ModelSource, product: object) -> MbguiError:
    """What the user's code returned is no model, or not of the framework that its module imports."""
    kind, framework = type(product), _framework_of(product)
    if framework is not None:
        name = {Framework.PYTORCH: "torch", Framework.KERAS: "keras"}[framework]
        return MbguiError(
            Problem(
                sentence=f"{source.name} returned a {framework.display_name} model, and its module imports the other "
                "framework alone, so it was taken for that.",
                advice=f"Import {name} at the top of the module, too, or move it to one that imports {name} alone.",
            )
        )
    return MbguiError(
        Problem(
            sentence=f"{source.name} returned an object of type {kind.__module__}.{kind.__qualname__}, "
            "neither a PyTorch module nor a Keras model.",
            advice="Name a callable that returns a torch.nn.Module or a keras.Model.",
        )
    )


def _framework_of(found: object) -> Framework | None:
    """Whose model an object, or the class of one, is; told by the names of its bases, so that nothing is imported."""
    kind = found if isinstance(found, type) else type(found)
    named = ((base.__module__.partition(".")[0], base.__name__) for base in kind.__mro__)
    return next((_MODEL_CLASSES[name] for name in named if name in _MODEL_CLASSES), None)


def _import_script(path: Path) -> ModuleType:
    if not path.is_file():
        raise MbguiError.wrong_use(f"There is no file {path}.", "Check the path before the colon.")
    name = path.stem if path.stem not in {*sys.modules, *sys.stdlib_module_names} else f"_script_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise MbguiError.wrong_use(f"{path.name} cannot be imported as Python code.", "Name a .py file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _no_module(source: ModelSource, error: ModuleNotFoundError, folders: tuple[str, ...]) -> MbguiError:
    word, _, name = source.name.partition(":")
    near = get_close_matches(word.lower(), list(ZOO_FRAMEWORKS), n=1)
    hint = f" Did you mean {near[0]}:{name}?" if near else ""
    return MbguiError(
        Problem(
            sentence=f"There is no module “{error.name}”.{hint}",
            advice=f"It was looked for in {', '.join(dict.fromkeys(folders))} and among the installed packages; "
            "name its folder: --path, or Code folders in the window.",
            detail=error_detail(error),
            kind=ProblemKind.WRONG_USE,
        )
    )


def _missing(module: str, name: str, place: object) -> MbguiError:
    public = [known for known in dir(place) if not known.startswith("_")]
    nearest = get_close_matches(name, public, n=3, cutoff=0.5)
    advice = f"The nearest names are {', '.join(nearest)}." if nearest else "Name a callable that the module holds."
    zoo = get_close_matches(module.lower(), list(ZOO_FRAMEWORKS), n=1)
    hint = f" Did you mean {zoo[0]}:{name}?" if zoo else ""
    return MbguiError.wrong_use(f"{module} has no “{name}”.{hint}", advice)
