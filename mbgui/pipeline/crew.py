"""The two children of one comparison, and what is known of each side so far."""

from dataclasses import dataclass

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.network import Network
from mbgui.domain.request import CompareRequest, Side, Weights
from mbgui.domain.source import ModelSource
from mbgui.pipeline.cancel import CancelToken
from mbgui.processes.pool import ChildLike, WarmChildren


@dataclass(slots=True, kw_only=True)
class Member:
    """One side of the comparison under way."""

    side: Side
    source: ModelSource
    child: ChildLike
    versions: tuple[Version, ...] = ()
    network: Network | None = None
    problem: Problem | None = None

    @property
    def framework(self) -> Framework:
        """The framework that runs the model, known for sure once it is read."""
        return self.require_network().framework

    def require_network(self) -> Network:
        """The network. Raises `MbguiError` with the problem that kept it from being read."""
        if self.network is None:
            raise MbguiError(self.problem or Problem(sentence=f"{self.source.reference} was not read."))
        return self.network


class Crew:
    """Takes a child for each side, has cancelling kill them, and gives them back in the end."""

    def __init__(self, request: CompareRequest, *, cancel: CancelToken, children: WarmChildren) -> None:
        self._sources = {Side.LEFT: request.left, Side.RIGHT: request.right}
        self._threads = request.threads
        self._weights = request.weights
        self._cancel = cancel
        self._children = children
        self._members: list[Member] = []

    @property
    def members(self) -> tuple[Member, ...]:
        """Both sides, left first."""
        return tuple(self._members)

    def gather(self) -> None:
        """Take both children. Raises `MbguiError` where one cannot be started."""
        for side, source in self._sources.items():
            child = self._children.take(source.likely_framework, self._threads)
            self._members.append(Member(side=side, source=source, child=child))
            self._cancel.add_callback(child.kill)

    def kill(self) -> None:
        """End both children at once without waiting."""
        for member in self._members:
            member.child.kill()

    def _is_used_up(self, member: Member) -> bool:
        """Whether its child ran code of the user's or read a file; pretrained weights in a cache are a file, too."""
        return not member.source.is_from_zoo or self._weights is not Weights.NONE

    def dismiss(self) -> None:
        """Give both children back; one that is busy or broken is ended, and its end waited for.

        One that read a file has lost rights, and one that ran code of the user's may have changed: neither comes again.
        """
        for member in self._members:
            self._cancel.remove_callback(member.child.kill)
        for member in self._members:
            self._children.give_back(member.child, is_used_up=self._is_used_up(member))
