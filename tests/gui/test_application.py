"""Files that the system hands over as events are heard of; each process has one application."""

import subprocess
import sys

TELL = """
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from mbgui.gui.application import FileOpeningApplication
application = FileOpeningApplication(["mbgui"])
application.file_opened.connect(print)
for event in (QFileOpenEvent("/ä b.mbsnap"), QFileOpenEvent(QUrl("https://elsewhere/")), QEvent(QEvent.Type.User)):
    application.sendEvent(application, event)
"""


def test_a_file_that_the_system_opens_is_told_and_nothing_else() -> None:
    done = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout == "/ä b.mbsnap\n"
    assert not done.stderr
