"""Shows the folder with the logs in the desktop's own way."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from mbgui.domain.errors import Problem
from mbgui.gui.diagnostics.log_file import log_folder


def show_log_folder() -> Problem | None:
    """Have the folder opened; where that fails, what a user reads, with the path."""
    folder = log_folder()
    if not folder.is_dir():
        return Problem(sentence=f"There are no logs: {folder} is no folder.", advice="Nothing could be written there.")
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        return Problem(sentence=f"The logs are in {folder}.", advice="No program that shows folders was found here.")
    return None
