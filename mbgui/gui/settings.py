"""What the application remembers between two starts."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import (
    BenchMode,
    LatencyRequest,
    ReadingLimits,
    Side,
    SweepAxis,
    SweepRequest,
    Weights,
)

ORGANIZATION = "mbgui"
RECENT_LIMIT = 10
RECENT_MODEL_LIMIT = 8
NO_LIMITS = ReadingLimits(memory_bytes=0, duration_s=0)


class MeasureScope(StrEnum):
    """What is to be measured of a comparison that is shown."""

    DUEL = "duel"
    CALL_PATHS = "call_paths"
    BATCH = "batch"
    THREADS = "threads"
    INPUT = "input"
    LAYERS = "layers"
    EVERYTHING = "everything"


_SWEPT = {
    MeasureScope.BATCH: (SweepAxis.BATCH,),
    MeasureScope.THREADS: (SweepAxis.THREADS,),
    MeasureScope.INPUT: (SweepAxis.INPUT,),
    MeasureScope.EVERYTHING: tuple(SweepAxis),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyOptions:
    """How latency is to be measured; a call path of "" takes the recommended one of the framework.

    `is_measured` says whether a comparison measures, too. A budget of 0 takes that of the mode, 0 runs as many as are
    worth a launch. The values are those of the sweeps; without any for the threads, one up to all cores are taken.
    """

    is_measured: bool = True
    mode: BenchMode = BenchMode.QUICK
    batch_size: int = 1
    threads: int = 1
    left_path: str = ""
    right_path: str = ""
    budget_s: int = 0
    runs: int = 0
    batch_values: tuple[int, ...] = (1, 2, 4, 8, 16)
    thread_values: tuple[int, ...] = ()
    input_values: tuple[int, ...] = (96, 128, 160, 192, 224)

    def values(self, axis: SweepAxis) -> tuple[int, ...]:
        """The values that a sweep over this axis takes."""
        return {
            SweepAxis.BATCH: self.batch_values,
            SweepAxis.THREADS: self.thread_values or thread_counts(),
            SweepAxis.INPUT: self.input_values,
        }[axis]

    def request(self, left: Framework | None, right: Framework | None) -> LatencyRequest | None:
        """How a comparison times models of these frameworks, `None` where it does not."""
        return self.measurement(MeasureScope.DUEL, left, right) if self.is_measured else None

    def measurement(self, scope: MeasureScope, left: Framework | None, right: Framework | None) -> LatencyRequest:
        """How models of these frameworks are to be timed.

        Where a framework is not known yet, its recommended path is taken, whichever that is.
        """
        is_everything = scope is MeasureScope.EVERYTHING
        return LatencyRequest(
            mode=self.mode,
            runs=self.runs,
            budget_s=float(self.budget_s),
            left_path=_call_path(left, self.left_path),
            right_path=_call_path(right, self.right_path),
            is_duel=is_everything or scope is MeasureScope.DUEL,
            is_ladder=is_everything or scope is MeasureScope.CALL_PATHS,
            sweeps=tuple(SweepRequest(axis=axis, values=self.values(axis)) for axis in _SWEPT.get(scope, ())),
            is_by_layer=is_everything or scope is MeasureScope.LAYERS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingWeights:
    """The weights that both models start with, and the seed of what is random."""

    weights: Weights = Weights.NONE
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """How outputs are to be compared.

    A transfer of `None` leaves the choice to the models. `further_inputs` is what the user typed: sizes like those of
    the tool bar, with semicolons between them.
    """

    is_verified: bool = True
    transfer: WeightTransfer | None = None
    precision: Precision = Precision.FLOAT64
    further_inputs: str = ""


class Settings:
    """The remembered values, each with a default and checked for its type: the file may be edited by hand."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings(ORGANIZATION, ORGANIZATION)

    @property
    def file(self) -> Path | None:
        """The file they are kept in; `None` where the system keeps them in another way."""
        path = Path(self._store.fileName())
        return path if path.is_absolute() else None

    def text(self, key: str, default: str = "") -> str:
        """The text under `key`."""
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under `key`; a list of one comes back from the file as a plain text."""
        value = self._store.value(key, [])
        listed = [value] if isinstance(value, str) and value else value
        return tuple(str(item) for item in listed) if isinstance(listed, list) else ()

    def number(self, key: str, default: int) -> int:
        """The whole number under `key`."""
        value = self._store.value(key, default)
        try:
            return int(value) if isinstance(value, (int, str)) else default
        except ValueError:
            return default

    def flag(self, key: str, *, default: bool) -> bool:
        """The switch under `key`."""
        return self.text(key, str(default).lower()) == "true"

    def bytes(self, key: str) -> QByteArray:
        """The bytes under `key`, empty where there are none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def _numbers(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """The whole numbers above 0 under `key`; anything else among them makes it the default."""
        listed = self.texts(key)
        are_numbers = bool(listed) and all(text.isascii() and text.isdigit() and int(text[:9]) > 0 for text in listed)
        return tuple(int(text[:9]) for text in listed) if are_numbers else default

    def set(self, key: str, value: object) -> None:
        """Remember `value` under `key`; switches are kept as text, so that they read the same from every store."""
        self._store.setValue(key, str(value).lower() if isinstance(value, bool) else value)

    @property
    def recent_files(self) -> tuple[str, ...]:
        """Snapshot files of the user's, the last used first."""
        return self.texts("files/recent")[:RECENT_LIMIT]

    def add_recent_file(self, path: str) -> None:
        """Put a file at the head of the recent ones."""
        others = [known for known in self.recent_files if known != path]
        self.set("files/recent", [path, *others][:RECENT_LIMIT])

    def remove_recent_file(self, path: str) -> None:
        """Forget a file that is no longer there."""
        self.set("files/recent", [known for known in self.recent_files if known != path])

    def recent_models(self, side: Side) -> tuple[str, ...]:
        """References of models that a side was compared with, the last used first."""
        return self.texts(f"models/recent_{side.value}")[:RECENT_MODEL_LIMIT]

    def add_recent_model(self, side: Side, reference: str) -> None:
        """Put a model at the head of the recent ones of a side."""
        others = [known for known in self.recent_models(side) if known != reference]
        self.set(f"models/recent_{side.value}", [reference, *others][:RECENT_MODEL_LIMIT])

    def clear_recent_models(self) -> None:
        """Forget the models of both sides."""
        for side in Side:
            self.set(f"models/recent_{side.value}", [])

    @property
    def code_folders(self) -> tuple[str, ...]:
        """Where modules of the user's own are looked for."""
        return self.texts("models/code_folders")

    @code_folders.setter
    def code_folders(self, folders: tuple[str, ...]) -> None:
        self.set("models/code_folders", list(folders))

    @property
    def has_reading_limits(self) -> bool:
        """Whether reading a file may take but so much memory and time."""
        return self.flag("models/limits", default=True)

    @has_reading_limits.setter
    def has_reading_limits(self, has_limits: bool) -> None:
        self.set("models/limits", has_limits)

    @property
    def reading_limits(self) -> ReadingLimits:
        """What reading a file may cost."""
        return ReadingLimits() if self.has_reading_limits else NO_LIMITS

    @property
    def latency_options(self) -> LatencyOptions:
        """How latency was measured last; as many threads as the machine has processors at first."""
        default = LatencyOptions(threads=os.cpu_count() or 1)
        mode = self.text("latency/mode")
        return LatencyOptions(
            is_measured=self.flag("latency/is_measured", default=default.is_measured),
            mode=BenchMode(mode) if mode in set(BenchMode) else default.mode,
            batch_size=max(self.number("latency/batch_size", default.batch_size), 1),
            threads=max(self.number("latency/threads", default.threads), 1),
            left_path=self.text("latency/left_path"),
            right_path=self.text("latency/right_path"),
            budget_s=max(self.number("latency/budget_s", default.budget_s), 0),
            runs=max(self.number("latency/calls", default.runs), 0),
            batch_values=self._numbers("latency/batch_values", default.batch_values),
            thread_values=self._numbers("latency/thread_values", default.thread_values),
            input_values=self._numbers("latency/input_values", default.input_values),
        )

    @latency_options.setter
    def latency_options(self, options: LatencyOptions) -> None:
        for key, value in {
            "is_measured": options.is_measured,
            "mode": options.mode.value,
            "batch_size": options.batch_size,
            "threads": options.threads,
            "left_path": options.left_path,
            "right_path": options.right_path,
            "budget_s": options.budget_s,
            "calls": options.runs,  # “runs” held the calls of both launches together, and 50 where nobody had chosen
            "batch_values": [str(value) for value in options.batch_values],
            "thread_values": [str(value) for value in options.thread_values],
            "input_values": [str(value) for value in options.input_values],
        }.items():
            self.set(f"latency/{key}", value)

    @property
    def verify_options(self) -> VerifyOptions:
        """How outputs were compared last."""
        transfer, precision = self.text("verify/transfer"), self.text("verify/precision")
        return VerifyOptions(
            is_verified=self.flag("verify/is_verified", default=True),
            transfer=WeightTransfer(transfer) if transfer in set(WeightTransfer) else None,
            precision=Precision(precision) if precision in set(Precision) else Precision.FLOAT64,
            further_inputs=self.text("verify/further_inputs"),
        )

    @verify_options.setter
    def verify_options(self, options: VerifyOptions) -> None:
        self.set("verify/is_verified", options.is_verified)
        self.set("verify/transfer", options.transfer.value if options.transfer is not None else "")
        self.set("verify/precision", options.precision.value)
        self.set("verify/further_inputs", options.further_inputs)

    @property
    def starting_weights(self) -> StartingWeights:
        """The weights chosen last."""
        text = self.text("models/weights")
        return StartingWeights(
            weights=Weights(text) if text in set(Weights) else Weights.NONE,
            seed=max(self.number("models/seed", 0), 0),
        )

    @starting_weights.setter
    def starting_weights(self, chosen: StartingWeights) -> None:
        self.set("models/weights", chosen.weights.value)
        self.set("models/seed", chosen.seed)


def thread_counts() -> tuple[int, ...]:
    """1, 2, 4 … up to the physical cores of this machine, those among them."""
    import psutil  # noqa: PLC0415 - not needed for the first picture

    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    return (*(2**power for power in range(cores.bit_length()) if 2**power < cores), cores)


def _call_path(framework: Framework | None, name: str) -> CallPath | None:
    """The call path of that name where the framework has it; `None` takes the recommended one."""
    paths = CALL_PATHS[framework] if framework is not None else ()
    return next((path for path in paths if path.value == name), None)
