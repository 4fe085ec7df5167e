"""The smallest build backend: an editable wheel that holds nothing but a path to the checkout."""

import os
import zipfile
from pathlib import Path

NAME = "mbgui-0-py3-none-any.whl"
FILES = {
    "mbgui.pth": f"{Path.cwd()}\n",
    "mbgui-0.dist-info/METADATA": "Metadata-Version: 2.1\nName: mbgui\nVersion: 0\n"
    "Provides-Extra: test\nProvides-Extra: package\n",
    "mbgui-0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}


def build_editable(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    if os.environ.get("BREAK_BUILD"):
        raise SystemExit("the build broke for a reason of its own")
    with zipfile.ZipFile(Path(wheel_directory) / NAME, "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text)
        record = "".join(f"{path},,\n" for path in [*FILES, "mbgui-0.dist-info/RECORD"])
        wheel.writestr("mbgui-0.dist-info/RECORD", record)
    return NAME
