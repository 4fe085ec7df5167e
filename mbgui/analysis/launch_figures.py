"""One figure for all launches of a side: what starting, calling first and memory took in the middle one."""

from statistics import median

from mbgui.domain.latency import LatencyLaunch, LatencyRun


def first_call_s(run: LatencyRun) -> float | None:
    """Seconds of the first call, tracing and compiling included: the median over the launches; `None` for none."""
    return median(launch.first_call_s for launch in run.launches) if run.launches else None


def memory_bytes(launch: LatencyLaunch) -> int | None:
    """The largest resident size above that right after importing; `None` where the system does not tell."""
    if launch.baseline_bytes is None or launch.peak_bytes is None:
        return None
    return max(launch.peak_bytes - launch.baseline_bytes, 0)


def peak_memory_bytes(run: LatencyRun) -> int | None:
    """The median over the launches of `memory_bytes`; `None` where no launch tells."""
    known = [size for size in map(memory_bytes, run.launches) if size is not None]
    return round(median(known)) if known else None


def traces(run: LatencyRun) -> int | None:
    """How often a function was traced, the most of any launch; `None` on paths that trace none."""
    return max((launch.traces for launch in run.launches if launch.traces is not None), default=None)
