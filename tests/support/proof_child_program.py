"""A child program that proves without a framework, or says something wrong where arrays are meant to come."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.environment import Version
from mbgui.domain.framework import Framework
from mbgui.processes import child
from mbgui.processes.messages import Ready, encode
from mbgui.processes.proof_messages import TensorRead
from tests.support.fake_proof_child import NumpyAdapter
from tests.support.numpy_network import SIZE, torch_weights

PROGRAM = str(Path(__file__).resolve())
READY = encode(Ready(versions=(), import_s=0.0))
ANSWER = encode(TensorRead(shape=(4,), dtype="float32", data=b"\n{}\nsixteen bytes"[:16]))


class ProvingAdapter(NumpyAdapter):
    """The small network by whatever name it is asked for."""

    def versions(self) -> tuple[Version, ...]:
        return ()

    def warm_up(self) -> None:
        """Nothing gets faster by it."""

    def load(self, request: Any, *, before_file: object, build: object = None) -> Any:
        return self.load_at(SIZE)


def _make(framework: Framework, threads: int) -> Any:
    return ProvingAdapter(framework=framework, weights=torch_weights())


def _answers(reply: bytes, *, dies: bool = False) -> int:
    """Say that commands may come, and whatever follows to the first one."""
    os.write(1, READY)
    sys.stdin.buffer.readline()
    os.write(1, reply)
    if dies:
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdin.read()
    return 0


MODES: dict[str, Callable[[], int]] = {
    "serve": lambda: child.main(sys.argv[2:], _make),
    "answer": lambda: _answers(ANSWER),
    "cut_off": lambda: _answers(ANSWER[:-5], dies=True),
    "too_long": lambda: _answers(ANSWER + b"more"),
    "too_large": lambda: _answers(ANSWER.replace(b'"data_bytes":16', b'"data_bytes":99999999999999')),
    "negative": lambda: _answers(ANSWER.replace(b'"data_bytes":16', b'"data_bytes":-16')),
    "no_number": lambda: _answers(ANSWER.replace(b'"data_bytes":16', b'"data_bytes":true')),
    "not_for_it": lambda: _answers(b'{"type":"Done","data_bytes":4}\n1234'),
    "in_the_line": lambda: _answers(b'{"type":"TensorRead","shape":[1],"dtype":"int8","data":"AAAA"}\n'),
}


if __name__ == "__main__":
    sys.exit(MODES[sys.argv[1]]())
