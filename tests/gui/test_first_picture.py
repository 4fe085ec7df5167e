"""What the first picture does not wait for, in a process that has loaded nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

REPORT = """
import json, os, sys
from mbgui.gui import app
from mbgui.gui.theme import Theme

def report(theme):
    import PySide6.QtCore
    print(json.dumps({"modules": sorted(sys.modules), "types": sorted(vars(PySide6.QtCore))}), flush=True)
    os._exit(0)

Theme.follow_system = report  # the first thing that is done when the first picture is painted
app.run([])
"""


def test_the_first_picture_waits_neither_for_qts_enumerations_nor_for_records_of_proofs(tmp_path: Path) -> None:
    folders = {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", REPORT], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = json.loads(done.stdout)
    assert "QObject" in loaded["types"]
    assert "Qt" not in loaded["types"]
    unwanted = {"numpy", "msgspec", "psutil", "pyqtgraph", "PySide6.QtNetwork", "mbgui.domain.equivalence"}
    assert unwanted & set(loaded["modules"]) == set()
