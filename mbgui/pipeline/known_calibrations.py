"""What was learnt of this very machine before."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.pipeline.machine import available_processors, processor

if TYPE_CHECKING:
    from mbgui.domain.calibration import Calibration
    from mbgui.domain.events import Event
    from mbgui.pipeline.keeping import WarningLog
    from mbgui.snapshots.calibrations import CalibrationStore


def known_calibrations(
    store: CalibrationStore | None, log: WarningLog
) -> Generator[Event, None, tuple[Calibration, ...]]:
    """The calibrations made on this machine, the newest first; a file that cannot be read is a warning."""
    if store is None:
        return ()
    try:
        known = store.known()
    except MbguiError as error:
        yield log.add_error(error, "What was calibrated before is not known.")
        return ()
    here = (processor(), available_processors())
    return tuple(found for found in known if (found.processor, found.processor_count) == here)
