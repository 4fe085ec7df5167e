"""What the application remembers between two starts."""

from dataclasses import dataclass, fields

from PySide6.QtCore import QByteArray, QSettings, QThread

from mbgui.domain.equivalence import Precision, WeightTransfer
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.request import LatencyRequest, ReadingLimits, Side, Weights

ORGANIZATION = "mbgui"
RECENT_LIMIT = 10
RECENT_MODEL_LIMIT = 8
NO_LIMITS = ReadingLimits(memory_bytes=0, duration_s=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyOptions:
    """How latency is to be measured; a call path of "" takes the recommended one of the framework."""

    is_measured: bool = True
    runs: int = 50
    warmup: int = 5
    batch_size: int = 1
    threads: int = 1
    left_path: str = ""
    right_path: str = ""

    def request(self, left: Framework | None, right: Framework | None) -> LatencyRequest | None:
        """How models of these frameworks are to be timed, `None` where they are not to be.

        Where a framework is not known yet, its recommended path is taken, whichever that is.
        """
        if not self.is_measured:
            return None
        return LatencyRequest(
            runs=self.runs,
            warmup=self.warmup,
            left_path=_call_path(left, self.left_path),
            right_path=_call_path(right, self.right_path),
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
        default = LatencyOptions(threads=max(QThread.idealThreadCount(), 1))
        return LatencyOptions(
            is_measured=self.flag("latency/is_measured", default=default.is_measured),
            runs=self.number("latency/runs", default.runs),
            warmup=self.number("latency/warmup", default.warmup),
            batch_size=self.number("latency/batch_size", default.batch_size),
            threads=self.number("latency/threads", default.threads),
            left_path=self.text("latency/left_path"),
            right_path=self.text("latency/right_path"),
        )

    @latency_options.setter
    def latency_options(self, options: LatencyOptions) -> None:
        for field in fields(options):
            self.set(f"latency/{field.name}", getattr(options, field.name))

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


def _call_path(framework: Framework | None, name: str) -> CallPath | None:
    """The call path of that name where the framework has it; `None` takes the recommended one."""
    paths = CALL_PATHS[framework] if framework is not None else ()
    return next((path for path in paths if path.value == name), None)
