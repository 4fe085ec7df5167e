"""The file of calibrations: what was learnt of this machine, read with care and written whole."""

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import platformdirs

from mbgui.domain.calibration import Calibration
from mbgui.domain.errors import MbguiError, Problem
from mbgui.snapshots.whole_file import make_folder, read_whole, write_whole

FORMAT, VERSION = "mbgui-calibrations", 1
_LARGEST_DIFFERENCE, _SHORTEST_S = 1e6, 1e-9


class _File(msgspec.Struct):
    format: str
    version: int
    calibrations: tuple[Calibration, ...]


def default_calibrations_path() -> Path:
    """Where calibrations are kept: the user's data folder on this platform."""
    return platformdirs.user_data_path("mbgui", appauthor=False) / "calibrations.json"


class CalibrationStore:
    """Calibrations on disk, one for each model and way of calling it on each machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self) -> tuple[Calibration, ...]:
        """Every calibration, newest first; none where there is no file yet.

        Raises:
            MbguiError: the file cannot be read, is damaged, or was written by a newer mbgui.
        """
        if not self._is_there():
            return ()
        return tuple(sorted(_decoded(read_whole(self.path), self.path.name), key=_moment, reverse=True))

    def keep(self, calibration: Calibration) -> None:
        """Add a calibration in place of an older one of the same. A damaged file is kept beside the new one.

        Raises:
            MbguiError: it cannot be written.
        """
        others = [other for other in self._known_or_set_aside() if _identity(other) != _identity(calibration)]
        make_folder(self.path.parent)
        file = _File(format=FORMAT, version=VERSION, calibrations=(calibration, *others))
        write_whole(self.path, msgspec.json.format(msgspec.json.encode(file), indent=1))

    def _is_there(self) -> bool:
        try:
            return self.path.exists()
        except OSError as error:  # a folder that may not be searched
            reason = error.strerror or str(error)
            raise _problem(f"{self.path.name} cannot be read: {reason}.", repr(error)) from error

    def _known_or_set_aside(self) -> tuple[Calibration, ...]:
        try:
            return self.known()
        except MbguiError:
            try:
                self.path.replace(self.path.with_suffix(".damaged.json"))
            except OSError as error:
                reason = error.strerror or str(error)
                raise _problem(
                    f"{self.path.name} is damaged and cannot be set aside: {reason}.", repr(error)
                ) from error
            return ()


def _decoded(data: bytes, name: str) -> Sequence[Calibration]:
    try:
        file = msgspec.json.decode(data, type=_File)
    except (ValueError, RecursionError) as error:
        raise _problem(f"{name} is damaged.", str(error)) from error
    if file.format != FORMAT or file.version > VERSION:
        raise _problem(f"{name} was written by a newer mbgui.", f"format {file.format!r}, version {file.version}")
    for calibration in file.calibrations:
        fault = _fault(calibration)
        if fault:
            raise _problem(f"{name} contradicts itself: {fault}.", repr(calibration))
    return file.calibrations


def _fault(calibration: Calibration) -> str:
    """What cannot be, in a few words; "" for a sound calibration."""
    try:
        if datetime.fromisoformat(calibration.created_at).tzinfo is None:
            return "a time without its zone"
    except ValueError:
        return "a time that is none"
    medians = (*calibration.left_medians_s, *calibration.right_medians_s)
    if not medians or len(calibration.left_medians_s) != len(calibration.right_medians_s):
        return "launches without a partner"
    if not all(math.isfinite(value) and _SHORTEST_S <= value < _LARGEST_DIFFERENCE for value in medians):
        return "a latency that cannot be"
    differences = (calibration.quick, calibration.rigorous)
    if not all(math.isfinite(value) and 0 <= value < _LARGEST_DIFFERENCE for value in differences):
        return "a difference that cannot be"
    return ""


def _identity(calibration: Calibration) -> tuple[object, ...]:
    """What a calibration is of; a newer one of the same takes its place."""
    return (
        calibration.processor,
        calibration.processor_count,
        calibration.model,
        calibration.input,
        calibration.call_path,
        calibration.threads,
        calibration.batch_size,
    )


def _moment(calibration: Calibration) -> datetime:
    return datetime.fromisoformat(calibration.created_at)


def _problem(sentence: str, detail: str) -> MbguiError:
    return MbguiError(Problem(sentence=sentence, advice="Calibrate again to make it anew.", detail=detail))
