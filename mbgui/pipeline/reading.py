"""Both models built and read side by side, in two children at once."""

import dataclasses
import queue
import threading
from collections.abc import Iterable, Iterator

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.events import Event, FrameworkReady, NetworkRead, Stage
from mbgui.domain.input_shape import InputShape
from mbgui.domain.network import Network
from mbgui.domain.request import CompareRequest, Side
from mbgui.pipeline.crew import Crew, Member
from mbgui.pipeline.input_agreement import sizes_to_read_again
from mbgui.pipeline.remedies import with_own_remedies
from mbgui.pipeline.stages import StageClock
from mbgui.processes.client import ANSWER_TIMEOUT_S
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
    yield from even_out_inputs(request, crew, clock)
    yield clock.finish()


def even_out_inputs(request: CompareRequest, crew: Crew, clock: StageClock) -> Iterator[Event]:
    """Read a side again where the other one has another image size and more of a say in it.

    Nothing happens where the user named the input. Raises `MbguiError` where a side refuses the other's size.
    """
    if request.inputs:
        return
    wanted = sizes_to_read_again(*(member.require_network() for member in crew.members))
    for member in crew.members:
        size = wanted.get(member.side)
        if size is not None:
            yield clock.progress(0.75, f"{member.source.title} again, at {size[0]}×{size[1]}")
            network = load_side(request, member, (InputShape(sizes=size),))
            yield NetworkRead(side=member.side, network=network)


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
    if not event.versions:
        return "A process for the model is ready"
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
        arrivals.put(NetworkRead(side=member.side, network=load_side(request, member, request.inputs)))
    except MbguiError as error:
        member.problem = error.problem
    finally:
        arrivals.put(None)


def load_side(request: CompareRequest, member: Member, inputs: tuple[InputShape, ...]) -> Network:
    """Have a side built and read at these inputs, and keep what its child answers. Raises `MbguiError`."""
    command = LoadModel(
        source=member.source,
        inputs=inputs,
        batch_size=request.batch_size,
        weights=request.weights,
        seed=request.seed,
        code_folders=request.code_folders,
        limits=request.limits,
    )
    is_limited = member.source.reads_file and request.limits.duration_s > 0
    try:
        loaded = member.child.ask(command, ModelLoaded, request.limits.duration_s if is_limited else ANSWER_TIMEOUT_S)
    except MbguiError as error:
        raise MbguiError(with_own_remedies(error.problem, member.source)) from error
    network = dataclasses.replace(loaded.network, source=member.source)
    member.network, member.versions = network, loaded.versions
    return network


def _raise_problems(crew: Crew) -> None:
    """Raise the problem of the side that has one; where both have, one problem that tells each by its side."""
    problems = [(member.side, member.problem) for member in crew.members if member.problem is not None]
    distinct = dict.fromkeys(problem for _, problem in problems)
    if not distinct:
        return
    if len(distinct) == 1:
        raise MbguiError(next(iter(distinct)))
    raise MbguiError(
        Problem(
            sentence=_by_side((side, problem.sentence) for side, problem in problems),
            advice=_by_side((side, problem.advice) for side, problem in problems),
            detail=_by_side(((side, problem.detail) for side, problem in problems), joint="\n\n"),
            kind=problems[0][1].kind,
            remedies=tuple(remedy for problem in distinct for remedy in problem.remedies),
        )
    )


def _by_side(texts: Iterable[tuple[Side, str]], joint: str = " ") -> str:
    """`Left: … Right: …`; a text that both sides share is said once, one that a side lacks not at all."""
    given = [(side, text) for side, text in texts if text]
    if len({text for _, text in given}) == 1 and len(given) > 1:
        return given[0][1]
    return joint.join(f"{side.value.capitalize()}: {text}" for side, text in given)
