"""What is told of the machine beside a result: other work, frequency governors, heat."""

from pathlib import Path

import psutil
import pytest

from mbgui.domain.latency import WarningKind
from mbgui.pipeline import machine_watch
from mbgui.pipeline.machine_watch import MachineWatch


class Times:
    """Processor seconds since the start, as psutil tells them."""

    def __init__(self, user: float, idle: float, steal: float = 0.0) -> None:
        self.user, self.idle, self.steal, self.system = user, idle, steal, 0.0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Times]:
    """What the machine will have used at every look; the processes themselves use nothing."""
    looks: list[Times] = []
    monkeypatch.setattr(psutil, "cpu_times", lambda: looks.pop(0))
    monkeypatch.setattr(machine_watch, "_used_s", lambda _: 0.0)
    return looks


def warned(watch: MachineWatch) -> list[WarningKind]:
    watch.begin(())
    watch.end(())
    return [warning.kind for warning in watch.warnings() if warning.kind is not WarningKind.BATTERY]


def test_a_calm_machine_is_not_remarked_on(machine: list[Times], tmp_path: Path) -> None:
    machine += [Times(10, 100), Times(10.5, 110)]
    assert warned(MachineWatch(tmp_path)) == []


def test_other_programs_at_work_are(machine: list[Times], tmp_path: Path) -> None:
    machine += [Times(10, 100), Times(15, 105)]
    assert warned(MachineWatch(tmp_path)) == [WarningKind.BUSY_MACHINE]


def test_the_work_of_the_measured_processes_is_no_disturbance(
    machine: list[Times], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_s = iter((0.0, 5.0))
    monkeypatch.setattr(machine_watch, "_used_s", lambda _: next(used_s))
    machine += [Times(10, 100), Times(15, 105)]
    assert warned(MachineWatch(tmp_path)) == []


def test_time_stolen_by_a_host_is_told(machine: list[Times], tmp_path: Path) -> None:
    machine += [Times(10, 100, steal=0), Times(10, 109, steal=1)]
    watch = MachineWatch(tmp_path)
    assert warned(watch) == [WarningKind.BUSY_MACHINE]
    assert "10%" in watch.warnings()[0].sentence


def test_a_few_ticks_are_too_little_to_judge_by(machine: list[Times], tmp_path: Path) -> None:
    machine += [Times(10, 100), Times(10.02, 100)]
    assert warned(MachineWatch(tmp_path)) == []


def test_swapping_and_heat_are_told_by_what_was_added(
    machine: list[Times], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = tmp_path / "cpu0" / "thermal_throttle" / "core_throttle_count"
    count.parent.mkdir(parents=True)
    count.write_text("7\n")
    swapped = iter((5 * 2**20, 45 * 2**20))
    monkeypatch.setattr(machine_watch, "_swapped_so_far", lambda: next(swapped))
    machine += [Times(10, 100), Times(10, 110)]
    watch = MachineWatch(tmp_path)
    watch.begin(())
    count.write_text("9\n")
    watch.end(())
    sentences = {warning.kind: warning.sentence for warning in watch.warnings()}
    assert "40 MiB" in sentences[WarningKind.SWAP]
    assert "2 times" in sentences[WarningKind.THROTTLING]


@pytest.mark.parametrize(
    ("governor", "expected"),
    [("powersave", [WarningKind.GOVERNOR]), ("performance", []), ("schedutil", [WarningKind.GOVERNOR])],
)
def test_a_governor_that_follows_the_load_is_told(
    machine: list[Times], tmp_path: Path, governor: str, expected: list[WarningKind]
) -> None:
    file = tmp_path / "cpu3" / "cpufreq" / "scaling_governor"
    file.parent.mkdir(parents=True)
    file.write_text(f"{governor}\n")
    machine += [Times(10, 100), Times(10, 110)]
    assert warned(MachineWatch(tmp_path)) == expected


@pytest.mark.parametrize("error", [FileNotFoundError, TypeError])
def test_a_battery_that_cannot_be_read_costs_nothing(
    machine: list[Times], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(psutil, "sensors_battery", fail, raising=False)
    machine += [Times(10, 100), Times(10, 110)]
    assert warned(MachineWatch(tmp_path)) == []


def test_a_process_that_has_ended_used_nothing() -> None:
    assert machine_watch._used_s(2**22 + 1) == 0.0
