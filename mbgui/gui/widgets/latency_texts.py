"""What the latency page says of a measurement, beside the sentence of its verdict."""

from collections.abc import Sequence

from mbgui.analysis.latency_wording import (
    STOP_SENTENCES,
    VERDICT_WORDS,
    ratio_text,
    rounds_text,
)
from mbgui.analysis.performance_wording import threads_text
from mbgui.analysis.wording import count_text, input_sizes_text, same_or_both
from mbgui.domain.comparison import Comparison
from mbgui.domain.latency import LatencyComparison, LatencyEstimate
from mbgui.domain.request import DEFAULT_BUDGETS_S, CompareRequest, LatencyRequest, Side

_CLOCK_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def headline(latency: LatencyComparison) -> str:
    """`Left faster`."""
    word = VERDICT_WORDS[latency.verdict]
    return word[:1].upper() + word[1:]


def details(comparison: Comparison, latency: LatencyComparison) -> tuple[str, ...]:
    """How it was measured, why it ended, what the machine can tell, and how fine its clock is."""
    return (
        " · ".join(part for part in (_made_text(comparison, latency), _clock_text(latency)) if part),
        f"{STOP_SENTENCES[latency.stop_reason]} {_floor_text(latency)}".strip(),
    )


def plan_text(request: CompareRequest, latency: LatencyRequest) -> str:
    """What is going to be measured."""
    budget = latency.budget_s or DEFAULT_BUDGETS_S[latency.mode]
    calls = f"{latency.runs} calls a launch · " if latency.runs else ""
    return (
        f"{latency.mode.capitalize()} · {calls}up to {budget:g} s · batch {request.batch_size} · "
        f"{threads_text(request.threads)}"
    )


def progress_text(estimates: Sequence[LatencyEstimate], calls: tuple[int, int], *, is_over: bool = False) -> str:
    """`1,200 and 1,200 calls · ratio of medians 1.03 (0.97–1.09) so far · about 40 more rounds to decide`."""
    parts = [f"{count_text(calls[0])} and {count_text(calls[1])} calls"]
    if estimates:
        parts.append(f"ratio of medians {ratio_text(estimates[-1])}{'' if is_over else ' so far'}")
        rounds = "" if is_over else rounds_text(estimates[-1].rounds_to_decide)
        parts.append(f"{rounds} to decide" if "more" in rounds else rounds)
    return " · ".join(part for part in parts if part)


def duration_text(duration_s: float) -> str:
    """`50 ns`, `1.2 µs`: a small time with the unit that suits it."""
    unit_s, unit = next((known for known in _CLOCK_UNITS if duration_s >= known[0]), _CLOCK_UNITS[-1])
    return f"{duration_s / unit_s:.3g} {unit}"


def _made_text(comparison: Comparison, latency: LatencyComparison) -> str:
    sizes = same_or_both(input_sizes_text(comparison.left), input_sizes_text(comparison.right))
    launches = len({taken.launch for taken in latency.rounds if not taken.is_warmup})
    return " · ".join(
        (
            latency.mode.capitalize(),
            f"{launches} launch{'' if launches == 1 else 'es'} a side",
            f"input {sizes}",
            f"batch {latency.left.batch_size}",
            threads_text(latency.left.threads),
            comparison.environment.processor,
        )
    )


def _floor_text(latency: LatencyComparison) -> str:
    floor = latency.noise_floor
    if floor is None:
        return ""
    if floor.calibrated_at:
        return f"Calibrated with {floor.basis}."
    return "Calibrate to learn what this machine can tell; until then a quick duel tells large differences only."


def _clock_text(latency: LatencyComparison) -> str:
    """The coarser clock and the dearer call of both sides; "" where neither is known."""
    resolution_s = max(latency.run(side).timer_resolution_s for side in Side)
    overhead_s = max(latency.run(side).call_overhead_s for side in Side)
    if not resolution_s and not overhead_s:
        return ""
    return f"timer resolution {duration_text(resolution_s)}, call overhead {duration_text(overhead_s)}"
