"""What the freeze spec is told: where everything is, and what PyInstaller is to take and to leave."""

import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from recipe.checkout import ROOT
from recipe.contents import CHILD_ROOTS, module_names, required_distributions
from recipe.info_plist import SNAPSHOT_ICON, info_plist
from recipe.release import version
from recipe.toc import TocEntry
from recipe.windows_version import version_resource

BUILD_FOLDER = "MBGUI_BUILD_FOLDER"
"""The variable that tells the spec where the staged files are: PyInstaller passes no arguments on."""
BUNDLE_IDENTIFIER = "io.github.mbgui.mbgui"

_RESOURCES = "mbgui/_resources"
"""Where `mbgui.gui.resources` looks, as in a wheel."""

UNUSED_STANDARD_MODULES = frozenset(
    {
        "_tkinter",
        "test",
        "idlelib",
        "tkinter",
        "turtle",
        "turtledemo",
        "lib2to3",
        "ensurepip",
        "venv",
        "pydoc_data",
        "antigravity",
        "this",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The sources, and the folder of what was prepared for the build: `site`, `licenses`, `icons` in it."""

    root: Path
    prepared: Path
    system: str = sys.platform

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Plan":
        """The plan of the build that started PyInstaller. Raises `KeyError` where nothing did."""
        return cls(root=ROOT, prepared=Path(environment[BUILD_FOLDER]))

    @property
    def site(self) -> Path:
        """The staged tree of the distributions that go in whole."""
        return self.prepared / "site"

    @property
    def entry(self) -> Path:
        """The script that the executable runs."""
        return self.root / "mbgui" / "__main__.py"

    def datas(self) -> list[tuple[str, str]]:
        """Files that are no modules: sources and folders inside the bundle."""
        headers = Path(sysconfig.get_path("include"))
        documents = [(str(self.prepared / "icons" / SNAPSHOT_ICON), ".")] if self.system == "darwin" else []
        return [
            *documents,
            *self._resources(),
            (str(self.root / "mbgui" / "reports" / "templates"), "mbgui/reports/templates"),
            (str(headers), f"include/{headers.name}"),  # torch.compile compiles against them
        ]

    def _resources(self) -> Iterator[tuple[str, str]]:
        """What the window reads; the pictures of the README are not for it."""
        for path in sorted((self.root / "resources").iterdir()):
            if path.name != "screenshots":
                yield str(path), f"{_RESOURCES}/{path.name}" if path.is_dir() else _RESOURCES

    def hidden_imports(self) -> list[str]:
        """Every module of mbgui, and the standard library: what the frameworks and the user's own code import."""
        own = _modules_below(self.root / "mbgui", "mbgui.")
        return ["mbgui", *own, *standard_modules()]

    def excluded_modules(self) -> list[str]:
        """The packages that were staged or left out: PyInstaller need not look at them."""
        return sorted(module_names(required_distributions(CHILD_ROOTS)) | UNUSED_STANDARD_MODULES)

    def staged_files(self) -> list[TocEntry]:
        """The staged tree, to be copied as it is."""
        files = (path for path in self.site.rglob("*") if path.is_file())
        return sorted((path.relative_to(self.site).as_posix(), str(path), "DATA") for path in files)

    def info_plist(self) -> dict[str, object]:
        """What macOS is to know of the app and of its files."""
        return info_plist(version(self.root), BUNDLE_IDENTIFIER)

    def version_resource(self) -> str | None:
        """The file with what Windows shows as the properties of an executable; it is written here."""
        if self.system != "win32":
            return None
        path = self.prepared / "version.txt"
        path.write_text(version_resource(version(self.root)), "utf-8")
        return str(path)

    def icon(self) -> str | None:
        """The icon file of an executable or an app on this system."""
        name = {"win32": "mbgui.ico", "darwin": "mbgui.icns"}.get(self.system)
        return str(self.prepared / "icons" / name) if name else None


def standard_modules() -> Iterator[str]:
    """Every module of the standard library that is here and may be used."""
    folder = Path(sysconfig.get_path("stdlib"))
    for name in sorted(sys.stdlib_module_names - UNUSED_STANDARD_MODULES):
        if (folder / name / "__init__.py").is_file():
            yield name
            yield from _modules_below(folder / name, f"{name}.")
        elif _is_module(folder, name):
            yield name


def _is_module(folder: Path, name: str) -> bool:
    extensions = (folder / "lib-dynload").glob(f"{name}.*")
    return (folder / f"{name}.py").is_file() or name in sys.builtin_module_names or any(extensions)


def _modules_below(folder: Path, prefix: str) -> Iterator[str]:
    """The dotted names of the modules of a package."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        names = parts[:-1] if parts[-1] == "__init__" else parts
        is_used = not ({"__main__", "tests", "test"} & set(parts)) and not any("-" in part for part in parts)
        if names and is_used and not path.is_relative_to(folder / "_resources"):
            yield prefix + ".".join(names)
