"""Both models built and read side by side, in two children at once."""

import queue
import threading
from collections.abc import Iterator

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.events import Event, FrameworkReady, NetworkRead, Stage
from mbgui.domain.request import CompareRequest
from mbgui.pipeline.crew import Crew, Member
from mbgui.pipeline.stages import StageClock
from mbgui.processes.messages import LoadModel, ModelLoaded

_SideEvent = FrameworkReady | NetworkRead
_Arrivals = queue.SimpleQueue[_SideEvent | None]


def read_both(request: CompareRequest, crew: Crew, clock: StageClock) -> Iterator[Event]:
    """Wait for both frameworks and read both models; what one side arrives at does not wait for the other.

    The stage of starting ends, and that of reading begins, when the first framework is there. Both stages end
    only after both sides did, so that everything one side found is known even where the other fails.

    Raises:
        MbguiError: a side could not be read.
    """
    arrivals: _Arrivals = queue.SimpleQueue()
    yield clock.start(Stage.START)
    threads = [
        threading.Thread(target=_read_side, args=(request, member, arrivals), name=f"read-{member.side}", daemon=True)
        for member in crew.members
    ]
    for thread in threads:
        thread.start()
    try:
        yield from _relay(arrivals, len(threads), clock)
    except BaseException:  # nobody listens any more: the threads need not wait for their children
        crew.kill()
        raise
    finally:
        for thread in threads:
            thread.join()
    _raise_problems(crew)
    yield clock.finish()


def _relay(arrivals: _Arrivals, side_count: int, clock: StageClock) -> Iterator[Event]:
    """The events of all sides as they come, until each side has said that it is through."""
    arrived = through = 0
    while through < side_count:
        event = arrivals.get()
        if event is None:
            through += 1
            continue
        arrived += 1
        yield event
        if arrived == 1:
            yield clock.finish()
            yield clock.start(Stage.READ)
        yield clock.progress(arrived / (2 * side_count), _arrival_text(event))


def _arrival_text(event: _SideEvent) -> str:
    if isinstance(event, NetworkRead):
        return f"{event.network.source.reference} is read"
    first = event.versions[0]
    return f"{first.name} {first.version} is ready"


def _read_side(request: CompareRequest, member: Member, arrivals: _Arrivals) -> None:
    """Read one side in a thread of its own; the problem it ends in is left with the member."""
    try:
        was_ready = member.child.is_ready
        ready = member.child.wait_ready()
        member.versions = ready.versions
        import_s = 0.0 if was_ready else ready.import_s
        arrivals.put(FrameworkReady(side=member.side, versions=ready.versions, import_s=import_s))
        member.network = member.child.ask(_load_command(request, member), ModelLoaded).network
        arrivals.put(NetworkRead(side=member.side, network=member.network))
    except MbguiError as error:
        member.problem = error.problem
    finally:
        arrivals.put(None)


def _load_command(request: CompareRequest, member: Member) -> LoadModel:
    height, width = request.input_size
    return LoadModel(
        kind=member.source.kind.value,
        name=member.source.name,
        height=height,
        width=width,
        batch_size=request.batch_size,
        weights=request.weights.value,
        seed=request.seed,
    )


def _raise_problems(crew: Crew) -> None:
    """Raise the problem of the side that has one; where both have, one problem that tells both."""
    problems = list(dict.fromkeys(member.problem for member in crew.members if member.problem is not None))
    if not problems:
        return
    raise MbguiError(
        Problem(
            sentence=" ".join(problem.sentence for problem in problems),
            advice=" ".join(dict.fromkeys(problem.advice for problem in problems if problem.advice)),
            detail="\n\n".join(problem.detail for problem in problems if problem.detail),
            kind=problems[0].kind,
        )
    )
