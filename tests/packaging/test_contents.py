"""What of the installed distributions goes into the app, and what stays out."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from recipe.contents import (
    CHILD_ROOTS,
    EXCLUSIONS,
    InstalledFile,
    exclusion_of,
    installed_files,
    module_names,
    required_distributions,
)
from recipe.staging import UNLINKED, stage

RUN_ON_THE_STAGED_TREE = """
import sys
sys.path.append(sys.argv[1])
if sys.argv[2] == "torch":
    import torch, torchvision
    model = torchvision.models.mobilenet_v2().eval()
    with torch.inference_mode():
        assert model(torch.zeros(1, 3, 64, 64)).shape == (1, 1000)
    torchvision.ops.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
    import torch._inductor.compile_fx
else:
    import keras, numpy, tensorflow
    model = keras.applications.MobileNetV2(weights=None, input_shape=(64, 64, 3))
    picture = numpy.zeros((1, 64, 64, 3), "float32")
    for jit in (False, True):
        assert tensorflow.function(model, jit_compile=jit)(picture).shape == (1, 1000)
files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
print(sorted(name for name, file in files.items() if file.startswith(sys.argv[1])))
"""


def install(site: Path, name: str, *requirements: str, files: tuple[str, ...] = ()) -> None:
    """A distribution that is there as far as its metadata tells."""
    folder = site / f"{name.replace('-', '_')}-1.0.dist-info"
    folder.mkdir(parents=True)
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        "Version: 1.0",
        *(f"Requires-Dist: {text}" for text in requirements),
    ]
    (folder / "METADATA").write_text("\n".join(lines) + "\n", "utf-8")
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text("", "utf-8")
    record = [*files, f"{folder.name}/METADATA", "../../../bin/tool"]
    (folder / "RECORD").write_text("".join(f"{file},,\n" for file in record), "utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_requirements_are_followed_through_markers_and_extras(site: Path) -> None:
    install(site, "zz-root", "zz-middle[fast]>=1", 'zz-elsewhere; sys_platform == "nowhere"')
    install(site, "zz-middle", "zz_leaf", 'zz-quick; extra == "fast"', 'zz-slow; extra == "slow"')
    for name in ("zz-leaf", "zz-quick", "zz-slow", "zz-elsewhere"):
        install(site, name)
    assert required_distributions(["zz-root"]) == ("zz-leaf", "zz-middle", "zz-quick", "zz-root")


def test_a_root_that_is_not_installed_is_an_error_and_an_optional_requirement_is_not(site: Path) -> None:
    install(site, "zz-root", "zz-not-there")
    assert required_distributions(["zz-root"]) == ("zz-root",)
    with pytest.raises(metadata.PackageNotFoundError):
        required_distributions(["zz-not-there"])


def test_scripts_and_byte_code_are_no_files_of_the_app(site: Path) -> None:
    install(site, "zz-root", files=("zz_root/__init__.py", "zz_root/__pycache__/__init__.cpython-311.pyc"))
    assert [file.path for file in installed_files(["zz-root"])] == [
        "zz_root/__init__.py",
        "zz_root-1.0.dist-info/METADATA",
    ]
    assert module_names(["zz-root"]) == {"zz_root"}


@pytest.mark.parametrize(
    ("distribution", "path", "reason"),
    [
        ("triton", "triton/compiler.py", "triton"),
        ("tensorflow", "tensorflow/include/a/b.h", "TensorFlow's headers"),
        ("keras", "keras/src/backend/torch/core.py", "other Keras backends"),
        ("numpy", "numpy/linalg/tests/test_linalg.py", "tests"),
        ("mbgui", "mbgui-0.1.0.dist-info/direct_url.json", "traces of the installation"),
        ("torch", "torch/include/ATen/ATen.h", None),
        ("torch", "torch/testing/__init__.py", None),
        ("torch", "torch/bin/torch_shm_manager", None),
        ("keras", "keras/src/backend/tensorflow/core.py", None),
    ],
)
def test_what_stays_out_and_what_does_not(distribution: str, path: str, reason: str | None) -> None:
    found = exclusion_of(InstalledFile(distribution=distribution, path=path, source=Path(path)))
    assert (found.name if found is not None else None) == reason


@pytest.mark.real
def test_every_pattern_still_finds_something_to_leave_out() -> None:
    files = list(installed_files(required_distributions([*CHILD_ROOTS, "mbgui"])))
    idle = [
        exclusion.name
        for exclusion in EXCLUSIONS
        if exclusion.patterns and not any(exclusion_of(file, [exclusion]) for file in files)
    ]
    assert idle == []


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("staged") / "site"
    savings = stage(required_distributions(CHILD_ROOTS), ["msgspec"], folder)
    assert [saving.size_bytes for saving in savings] == sorted((saving.size_bytes for saving in savings), reverse=True)
    return folder


@pytest.mark.real
@pytest.mark.parametrize("framework", ["torch", "tensorflow"])
def test_the_staged_tree_alone_runs_both_frameworks(staged: Path, framework: str) -> None:
    interpreter = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    command = [str(interpreter), "-S", "-I", "-c", RUN_ON_THE_STAGED_TREE, str(staged), framework]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"'{framework}'" in done.stdout


@pytest.mark.real
def test_of_a_described_distribution_only_the_description_is_staged(staged: Path) -> None:
    assert not (staged / "msgspec").exists()
    assert [path.name for path in staged.glob("msgspec-*.dist-info/METADATA")] == ["METADATA"]


def test_libraries_of_the_graphics_card_that_nothing_asks_for_stay_out(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ("torch/_C.so", "nvidia/lib/libneeded.so.1", "nvidia/lib/libinner.so.1", "nvidia/lib/libidle.so.1")
    install(site, "zz-torch", files=files)
    asks = {"_C.so": ("libneeded.so.1", "libc.so.6"), "libneeded.so.1": ("libinner.so.1",)}
    monkeypatch.setattr("recipe.linked_libraries.needed_names", lambda path: asks.get(path.name, ()))
    (saving,) = stage(["zz-torch"], [], site / "staged")
    assert (saving.exclusion, saving.file_count) == (UNLINKED, 1)
    assert sorted(path.name for path in (site / "staged").rglob("*.so*")) == [
        "_C.so",
        "libinner.so.1",
        "libneeded.so.1",
    ]
