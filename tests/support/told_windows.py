"""The program as `mbgui FILE…` starts it, without a screen and with children that are no processes.

What happens to its windows comes as lines of JSON: [what happened, the path of the file, the modules that are loaded].
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from mbgui.__main__ import main
from mbgui.gui import app
from mbgui.gui.instance.claim import claim


def tell(event: str, path: str = "") -> None:
    """Write a line."""
    sys.stdout.write(json.dumps([event, path, sorted(sys.modules)]) + "\n")
    sys.stdout.flush()


def telling_claim(*arguments: Any, **named: Any) -> Any:
    """Take part in finding out who is first; whoever shows windows tells of them."""
    outcome = claim(*arguments, **named)
    if not outcome.is_handed_over:
        tell_of_windows()
    return outcome


def tell_of_windows() -> None:
    """Have windows tell, and be given their children by no process."""
    from mbgui.gui import session, windows  # noqa: PLC0415  a start that hands over loads none of it
    from mbgui.gui.desktop import Desktop  # noqa: PLC0415

    open_one, listen = windows.Windows.open, session.Session._on_ready
    painted = Desktop._on_painted

    def open_and_tell(self: windows.Windows, path: str = "") -> Desktop:
        before = self.desktops
        desktop = open_one(self, path)
        tell("raised" if desktop in before else "opened", path)
        return desktop

    def listen_and_tell(self: session.Session) -> None:
        listen(self)
        tell("listening")

    def paint_and_tell(self: Desktop) -> None:
        tell("painted")
        painted(self)

    def make_backend() -> Any:
        from mbgui.gui.backend import PipelineBackend  # noqa: PLC0415
        from mbgui.snapshots.calibrations import CalibrationStore  # noqa: PLC0415
        from mbgui.snapshots.store import SnapshotStore  # noqa: PLC0415
        from tests.support.fake_child import fake_children  # noqa: PLC0415

        home = Path(os.environ["XDG_DATA_HOME"])
        return PipelineBackend(
            children=fake_children(),
            store=SnapshotStore(home / "snapshots"),
            sample=None,
            calibrations=CalibrationStore(home / "calibrations.json"),
        )

    windows.Windows.open = open_and_tell  # type: ignore[method-assign]
    session.Session._on_ready = listen_and_tell  # type: ignore[method-assign]
    Desktop._on_painted = paint_and_tell  # type: ignore[method-assign]
    session._pipeline_backend = make_backend


if __name__ == "__main__":
    vars(app)["claim"] = telling_claim
    code = main(sys.argv[1:])
    tell("ended")
    sys.exit(code)
