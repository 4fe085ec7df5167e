"""What the freeze spec is told, and what it makes of PyInstaller's lists."""

import ast
import sys
from pathlib import Path

import pytest
from recipe import licenses, linked_libraries, system_libraries
from recipe.bundle import BUILD_FOLDER, Plan, standard_modules
from recipe.checkout import ROOT
from recipe.licenses import license_files
from recipe.linked_libraries import needed_names, reached
from recipe.system_libraries import used_libraries, without_dead_links, without_unused_parts
from recipe.toc import TocEntry

import mbgui

PLUGIN = ("PySide6/Qt/plugins/platforms/libqxcb.so", "/qt/libqxcb.so", "BINARY")
GTK = ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "/qt/libqgtk3.so", "BINARY")
GUI = ("PySide6/Qt/lib/libQt6Gui.so.6", "/qt/libQt6Gui.so.6", "BINARY")
GTK_LIBRARY = ("libgtk-3.so.0", "/usr/lib/libgtk-3.so.0", "BINARY")
COMPILERS = ("libstdc++.so.6", "/usr/lib/libstdc++.so.6", "BINARY")
DBUS = ("libdbus-1.so.3", "/usr/lib/libdbus-1.so.3", "BINARY")
EXTENSION = ("python3.11/lib-dynload/_ssl.so", "/python/_ssl.so", "EXTENSION")
LINK = ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK")
DEAD_LINK = ("libQt6Egl.so.6", "PySide6/Qt/lib/libQt6Egl.so.6", "SYMLINK")
ASKS = {"libqxcb.so": ("libQt6Gui.so.6",), "libqgtk3.so": ("libgtk-3.so.0",), "_ssl.so": ("libstdc++.so.6",)}

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries are looked into on Linux only")


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_libraries, "needed_names", lambda path: ASKS.get(path.name, ()))


def test_the_plan_comes_from_the_build_alone(tmp_path: Path) -> None:
    assert Plan.from_environment({BUILD_FOLDER: str(tmp_path)}).prepared == tmp_path
    with pytest.raises(KeyError):
        Plan.from_environment({})


def test_every_module_of_mbgui_goes_in(tmp_path: Path) -> None:
    imports = set(Plan(root=ROOT, prepared=tmp_path).hidden_imports())
    assert {"mbgui", "mbgui.processes.child", "mbgui.frameworks.torch_adapter", "mbgui.gui.widgets"} <= imports
    assert "mbgui.__main__" not in imports


def test_every_file_that_is_no_module_is_there_to_go_in(tmp_path: Path) -> None:
    datas = Plan(root=ROOT, prepared=tmp_path).datas()
    assert [source for source, _ in datas if not Path(source).exists()] == []
    resources = {path.name for path in (ROOT / "resources").iterdir()}
    assert {Path(source).name for source, target in datas if "_resources" in target} == resources - {"screenshots"}


def test_the_standard_library_goes_in_but_for_what_only_developers_use() -> None:
    found = set(standard_modules())
    assert {"asyncio.base_events", "ctypes.util", "sqlite3", "unittest.mock", "_socket"} <= found
    assert not any(name.partition(".")[0] in {"test", "tkinter", "idlelib"} for name in found)


def test_the_staged_files_are_copied_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "site" / "torch" / "lib").mkdir(parents=True)
    (tmp_path / "site" / "torch" / "lib" / "libtorch.so").touch()
    entries = Plan(root=ROOT, prepared=tmp_path).staged_files()
    assert entries == [("torch/lib/libtorch.so", str(tmp_path / "site/torch/lib/libtorch.so"), "DATA")]


def test_the_spec_is_python_and_takes_everything_from_the_recipe() -> None:
    tree = ast.parse((ROOT / "packaging" / "mbgui.spec").read_text("utf-8"))
    called = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert [name for name in called if name not in dir(Plan) and name not in {"insert", "append"}] == []


@on_linux
@pytest.mark.usefixtures("asking")
def test_a_library_goes_in_where_something_that_goes_in_asks_for_it() -> None:
    assert used_libraries([PLUGIN, GTK, GUI, GTK_LIBRARY, EXTENSION]) == [PLUGIN, GUI, EXTENSION]


@on_linux
@pytest.mark.usefixtures("asking")
def test_what_is_opened_by_name_goes_in_unasked_and_what_must_be_the_users_own_never() -> None:
    assert used_libraries([EXTENSION, DBUS, COMPILERS]) == [EXTENSION, DBUS]


@on_linux
def test_links_to_libraries_that_stay_out_stay_out() -> None:
    data = ("a.txt", "/a.txt", "DATA")
    assert without_dead_links([LINK, DEAD_LINK, data], [GUI]) == [LINK, data]


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6\\translations\\qt_de.qm",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
    ],
)
def test_parts_of_qt_that_nothing_uses_stay_out_on_every_system(path: str) -> None:
    entries: list[TocEntry] = [(path, "/qt/x", "DATA"), PLUGIN]
    assert without_unused_parts(entries) == [PLUGIN]


@on_linux
def test_what_a_library_asks_for_is_read_without_loading_it() -> None:
    import _ssl  # noqa: PLC0415  any extension module that is linked to something

    names = needed_names(Path(_ssl.__file__))
    assert any(name.startswith("libssl.so") for name in names)
    assert needed_names(Path(__file__)) == ()


@on_linux
@pytest.mark.usefixtures("asking")
def test_libraries_are_followed_through_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = {"a": ("b",), "b": ("c", "a"), "d": ("e",)}
    monkeypatch.setattr(linked_libraries, "needed_names", lambda path: asks.get(path.name, ()))
    libraries = {name: Path(name) for name in "abcde"}
    assert reached([Path("a")], libraries) == {Path("a"), Path("b"), Path("c")}


def test_the_licences_of_python_and_of_the_loader_go_in() -> None:
    components = {entry[0].split("/")[1] for entry in license_files([])}
    assert components == {"python", "pyinstaller"}


@on_linux
def test_the_licence_of_a_library_of_the_system_goes_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "libdbus-1-3").write_text("licence", "utf-8")
    monkeypatch.setattr(licenses, "_DEBIAN_TEXT", tmp_path / "{package}")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    answer = "libdbus-1-3:amd64: /usr/lib/libdbus-1.so.3\n"
    monkeypatch.setattr("subprocess.run", lambda *_, **__: type("Done", (), {"stdout": answer})())
    found = [entry for entry in license_files([DBUS]) if "dbus" in entry[0]]
    assert found == [("licenses/libdbus-1-3/libdbus-1-3", str(tmp_path / "libdbus-1-3"), "DATA")]


def test_an_unused_part_is_named_once() -> None:
    assert len(set(system_libraries.UNUSED_QT_PARTS)) == len(system_libraries.UNUSED_QT_PARTS)


def test_each_system_gets_its_own_icon_and_description(tmp_path: Path) -> None:
    (tmp_path / "icons").mkdir()
    linux, windows, macos = (Plan(root=ROOT, prepared=tmp_path, system=name) for name in ("linux", "win32", "darwin"))
    assert [Path(plan.icon() or "").name for plan in (linux, windows, macos)] == ["", "mbgui.ico", "mbgui.icns"]
    assert linux.version_resource() is None
    assert mbgui.__version__ in Path(windows.version_resource() or "").read_text("utf-8")
    assert macos.info_plist()["CFBundleShortVersionString"] == mbgui.__version__
    assert [target for source, target in macos.datas() if source.endswith("mbgui-snapshot.icns")] == ["."]
