"""An app that starts two children, has both of them busy, says so, and waits to be killed."""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.framework import Framework
from mbgui.processes.client import Child
from mbgui.processes.messages import ModelLoaded
from tests.support.commands import load_command
from tests.support.fake_child_program import PROGRAM


def main(behaviour: str) -> None:
    command = load_command(f"keras:{behaviour}")
    children = [Child.start(framework, 1, command=(sys.executable, "-P", PROGRAM, "serve")) for framework in Framework]
    for child in children:
        child.wait_ready()
        threading.Thread(target=child.ask, args=(command, ModelLoaded), daemon=True).start()
    sys.stdout.write(" ".join(str(child.process_id) for child in children) + "\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
