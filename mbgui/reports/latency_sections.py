"""The sections on latency: the duel, the call paths, the sweeps, and where the time goes."""

from collections.abc import Iterator

from mbgui.analysis.latency_wording import STOP_SENTENCES, noise_floor_text, ratio_text
from mbgui.analysis.performance_wording import ladder_sentence, sweep_sentence, timing_sentence
from mbgui.analysis.wording import count_text, input_sizes_text, same_or_both
from mbgui.domain.comparison import Comparison
from mbgui.domain.latency import LatencyComparison, LatencyRun, StopReason
from mbgui.domain.performance import Ladder, LayerTimings, Sweep
from mbgui.domain.request import Side
from mbgui.reports.latency_tables import latency_table, launch_table, process_table
from mbgui.reports.performance_tables import MOST_LAYER_ROWS, ladder_table, layer_time_table, sweep_table
from mbgui.reports.section import Chart, Section
from mbgui.reports.tables import column_title

TITLE = "Inference performance"
_ONE_PROCESS = "One process each: the intervals allow for how far processes of one model can differ here."
_CUT_SHORT = frozenset({StopReason.FAILED, StopReason.STOPPED})


def latency_sections(comparison: Comparison) -> Iterator[Section]:
    """The duel, or that there was none, and whatever else was measured."""
    if comparison.latency is None:
        yield Section(title=TITLE, sentences=("Latency was not measured.",))
    else:
        yield _duel_section(comparison, comparison.latency)
    if comparison.ladder is not None:
        yield _ladder_section(comparison, comparison.ladder)
    if comparison.sweeps:
        yield _sweep_section(comparison, comparison.sweeps)
    if comparison.layer_times is not None:
        yield _layer_section(comparison, comparison.layer_times)


def _duel_section(comparison: Comparison, latency: LatencyComparison) -> Section:
    shown = [latency_table(comparison, latency), process_table(comparison, latency)]
    if max(len(latency.run(side).launches) for side in Side) > 1:
        shown.append(launch_table(comparison, latency))
    return Section(
        title=TITLE,
        sentences=tuple(_duel_sentences(latency)),
        tables=tuple(shown),
        points=tuple(_method(comparison, latency)),
        chart=Chart.LATENCY,
    )


def _duel_sentences(latency: LatencyComparison) -> Iterator[str]:
    """The answer, then whatever makes it doubtful."""
    yield latency.sentence
    yield f"Ratio of the medians, right over left, with its 95 % interval: {ratio_text(latency)}."
    yield from (f"Warning: {warning.sentence}" for warning in latency.warnings)
    if not latency.is_complete or latency.stop_reason in _CUT_SHORT:
        is_named = latency.stop_reason in _CUT_SHORT
        yield STOP_SENTENCES[latency.stop_reason if is_named else StopReason.STOPPED]


def _method(comparison: Comparison, latency: LatencyComparison) -> Iterator[str]:
    left, right = latency.left, latency.right
    yield _launches_point(comparison, latency)
    yield _warm_up_point(latency)
    if left.timer_resolution_s or right.timer_resolution_s:
        steps, overheads = (
            same_or_both(*map(_microseconds, values))
            for values in (
                (left.timer_resolution_s, right.timer_resolution_s),
                (left.call_overhead_s, right.call_overhead_s),
            )
        )
        yield f"The clock's smallest step is {steps}; timing a call that does nothing takes {overheads}."
    if latency.noise_floor is not None:
        yield noise_floor_text(latency.noise_floor)
    if latency.is_complete and latency.stop_reason not in _CUT_SHORT:
        yield STOP_SENTENCES[latency.stop_reason]
    yield "Percentiles are of all timed calls, by linear interpolation; IQR is the 75th percentile minus the 25th."
    yield "Outliers are calls with a modified z-score beyond 3.5 in their launch; they are counted and kept."
    if any(launch.peak_bytes is not None for run in (left, right) for launch in run.launches):
        yield "Memory is the largest resident size less that after the import of the framework, of the middle launch."
    yield "The call path is part of the answer: the same model differs several times between them."


def _launches_point(comparison: Comparison, latency: LatencyComparison) -> str:
    left, right = latency.left, latency.right
    launches = same_or_both(*(_counted(len(run.launches), "process", "es") for run in (left, right)))
    rounds = same_or_both(*(_counted(_round_count(latency, side), "round") for side in Side))
    threads = same_or_both(*(_counted(run.threads, "thread") for run in (left, right)))
    input_text = same_or_both(*(input_sizes_text(network) for network in (comparison.left, comparison.right)))
    mode = latency.mode.capitalize()
    turns = "the sides taking turns in blocks left, right, right, left, every second one mirrored"
    return (
        f"{mode}: {launches} a side, {rounds} a side, {turns}; "
        f"{threads} a side, batch {_batch(left, right)}, input {input_text}."
    )


def _warm_up_point(latency: LatencyComparison) -> str:
    counts = same_or_both(*(count_text(_warm_up_count(latency, side)) for side in Side))
    return f"Before the timed calls of each launch: the first call, and warm-up calls, {counts} in all."


def _batch(left: LatencyRun, right: LatencyRun) -> str:
    return same_or_both(count_text(left.batch_size), count_text(right.batch_size))


def _round_count(latency: LatencyComparison, side: Side) -> int:
    return sum(taken.side is side and not taken.is_warmup for taken in latency.rounds)


def _warm_up_count(latency: LatencyComparison, side: Side) -> int:
    return sum(len(taken.durations_s) for taken in latency.rounds if taken.side is side and taken.is_warmup)


def _counted(count: int, noun: str, plural: str = "s") -> str:
    return f"{count_text(count)} {noun}{'' if count == 1 else plural}"


def _microseconds(duration_s: float) -> str:
    return f"{duration_s * 1e6:.3g} µs"


def _ladder_section(comparison: Comparison, ladder: Ladder) -> Section:
    return Section(
        title="Call paths",
        sentences=(f"{ladder_sentence(ladder)}.",),
        tables=(ladder_table(comparison, ladder),),
        points=(_ONE_PROCESS,),
        chart=Chart.CALL_PATHS,
    )


def _sweep_section(comparison: Comparison, sweeps: tuple[Sweep, ...]) -> Section:
    return Section(
        title="Sweeps",
        sentences=tuple(f"{sweep_sentence(sweep)}." for sweep in sweeps),
        tables=tuple(sweep_table(comparison, sweep) for sweep in sweeps),
        points=("Inputs a second are the batch size over the median latency.", _ONE_PROCESS),
    )


def _layer_section(comparison: Comparison, timings: LayerTimings) -> Section:
    reasons = {Side.LEFT: timings.left_reason, Side.RIGHT: timings.right_reason}
    sentences = (
        f"{column_title(comparison, side)}: {timing_sentence(timings.timing(side), reasons[side]).rstrip('.')}."
        for side in Side
    )
    table = layer_time_table(comparison, timings)
    return Section(
        title="Where the time goes",
        sentences=tuple(sentences),
        tables=(table,) if table.rows else (),
        points=(f"At most {MOST_LAYER_ROWS} pairs are shown, the largest differences first.",) if table.rows else (),
    )
