"""Pickles read without importing or calling anything: every global becomes a name, every call a record of it.

Built on the pure-Python unpickler of the standard library. Each instruction that would call, import or set anything is
replaced here; what is left only moves plain values about. The work is bounded: instructions, bytes, and keys whose hash
could be costly.
"""

import _compat_pickle
import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO, ClassVar

MAXIMUM_INSTRUCTIONS = 2_000_000
MAXIMUM_BYTES = 128 << 20
_MAXIMUM_KEY_PARTS = 64


class UnreadablePickleError(Exception):
    """The bytes are no pickle, are damaged, or would take too much work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedGlobal:
    """A class or function that a pickle names; nothing was imported."""

    module: str
    name: str

    @property
    def path(self) -> str:
        """The name with its module."""
        return f"{self.module}.{self.name}"


@dataclass(slots=True, kw_only=True, eq=False)
class Called:
    """A call that a pickle asks for and that was not made; with what would have been put into its result."""

    function: object
    arguments: tuple[object, ...]
    state: object = None
    items: list[tuple[object, object]] = field(default_factory=list)
    elements: list[object] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The name of what would have been called, empty where that is no name."""
        return self.function.path if isinstance(self.function, NamedGlobal) else ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersistentId:
    """Something that stands outside the pickle: PyTorch's storages."""

    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPickle:
    """A pickle's object, the globals it names in the order they come, each once, and the instructions it uses."""

    value: object
    global_names: tuple[str, ...]
    instructions: frozenset[bytes]


def read_pickle(content: bytes | BinaryIO, budget: int = MAXIMUM_INSTRUCTIONS) -> ReadPickle:
    """The pickle that starts here; a file stands behind it afterwards. Raises `UnreadablePickleError`."""
    reader = _Machine(BytesIO(content) if isinstance(content, bytes) else content, budget)
    try:
        value = reader.load()
    except UnreadablePickleError:
        raise
    except Exception as error:  # the unpickler raises whatever damaged bytes make of its stack
        raise UnreadablePickleError(f"{type(error).__name__}: {error}") from error
    return ReadPickle(value=value, global_names=tuple(reader.global_names), instructions=frozenset(reader.instructions))


_STANDARD: Any = vars(pickle)["_Unpickler"]
"""The unpickler in pure Python, which has no public name."""


class _BoundedFile:
    """A file of which no more than so many bytes are read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self._left = MAXIMUM_BYTES

    def read(self, size: int) -> bytes:
        self._spend(size)
        found = self._content.read(size)
        if len(found) < size:
            raise UnreadablePickleError("it ends early")
        return found

    def readline(self) -> bytes:
        found = self._content.readline(1 << 20)
        self._spend(len(found))
        return found

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0 or size < 0:
            raise UnreadablePickleError("it is too large")


class _Machine(_STANDARD):  # type: ignore[misc]  # see above
    """The standard unpickler, with every instruction replaced that would do anything."""

    dispatch: ClassVar[dict[int, Callable[["_Machine"], None]]] = {}

    def __init__(self, content: BinaryIO, budget: int) -> None:
        super().__init__(_BoundedFile(content), encoding="latin1")
        self.global_names: dict[str, None] = {}
        self.instructions: set[bytes] = set()
        self._budget = budget
        self._tuple_keys = 0

    def find_class(self, module: str, name: str) -> NamedGlobal:
        """The name; nothing is imported. Names of Python 2 are given as Python 3 has them, as the unpickler would."""
        if self.proto < 3:
            module, name = _compat_pickle.NAME_MAPPING.get(
                (module, name), (_compat_pickle.IMPORT_MAPPING.get(module, module), name)
            )
        found = NamedGlobal(module=module, name=name)
        self.global_names[found.path] = None
        return found

    def persistent_load(self, pid: object) -> PersistentId:
        """A note of what stands outside."""
        return PersistentId(value=pid)

    def count(self) -> None:
        """One more instruction."""
        self._budget -= 1
        if self._budget < 0:
            raise UnreadablePickleError("it has too many instructions")

    def call(self, function: object, arguments: object) -> Called:
        """A record of a call."""
        if not isinstance(arguments, (tuple, list)):
            raise UnreadablePickleError("a call without arguments")
        return Called(function=function, arguments=tuple(arguments))

    def checked_key(self, key: object) -> object:
        """A key whose hash costs nothing and cannot be chosen to collide by the thousand."""
        if isinstance(key, int) and abs(key) >= 1 << 60:
            raise UnreadablePickleError("a key that no model has")
        if isinstance(key, tuple):
            self._tuple_keys += 1
            if self._tuple_keys > 1000 or _parts(key, _MAXIMUM_KEY_PARTS) <= 0:
                raise UnreadablePickleError("too many or too large keys")
        elif not isinstance(key, _SIMPLE_KEYS):
            raise UnreadablePickleError(f"a key that is no plain value ({type(key).__name__})")
        return key


_SIMPLE_KEYS = (str, bytes, int, float, complex, type(None), NamedGlobal, Called, PersistentId)


def _parts(key: object, left: int) -> int:
    """What is left of `left` after counting every part of a key; 0 or less where it has too many or unfit ones."""
    if not isinstance(key, tuple):
        return left - 1 if isinstance(key, _SIMPLE_KEYS) else 0
    for part in key:
        left = _parts(part, left - 1)
        if left <= 0:
            return 0
    return left


def _reduce(machine: _Machine) -> None:
    arguments = machine.stack.pop()
    machine.stack[-1] = machine.call(machine.stack[-1], arguments)


def _newobj(machine: _Machine) -> None:
    arguments = machine.stack.pop()
    machine.stack.append(machine.call(machine.stack.pop(), arguments))


def _newobj_ex(machine: _Machine) -> None:
    keywords = machine.stack.pop()
    arguments = machine.stack.pop()
    made = machine.call(machine.stack.pop(), arguments)
    made.elements.append(keywords)
    machine.stack.append(made)


def _inst(machine: _Machine) -> None:
    module = machine.readline()[:-1].decode("ascii")
    name = machine.readline()[:-1].decode("ascii")
    arguments = machine.pop_mark()
    machine.append(machine.call(machine.find_class(module, name), arguments))


def _obj(machine: _Machine) -> None:
    arguments = machine.pop_mark()
    machine.append(machine.call(arguments.pop(0), arguments))


def _build(machine: _Machine) -> None:
    state = machine.stack.pop()
    target = machine.stack[-1]
    if not isinstance(target, Called):
        raise UnreadablePickleError("a state for something that has none")
    target.state = state


def _setitem(machine: _Machine) -> None:
    value = machine.stack.pop()
    key = machine.stack.pop()
    _put_items(machine, [key, value])


def _put_items(machine: _Machine, items: list[Any]) -> None:
    target = machine.stack[-1]
    pairs = list(zip(items[::2], items[1::2], strict=True))
    if type(target) is dict:
        target.update((machine.checked_key(key), value) for key, value in pairs)
    elif isinstance(target, Called):
        target.items.extend(pairs)
    else:
        raise UnreadablePickleError("items for something that has none")


def _dict(machine: _Machine) -> None:
    items = machine.pop_mark()
    machine.append({})
    _put_items(machine, items)


def _put_elements(machine: _Machine, elements: list[Any]) -> None:
    target = machine.stack[-1]
    if type(target) is list:
        target.extend(elements)
    elif isinstance(target, Called):
        target.elements.extend(elements)
    else:
        raise UnreadablePickleError("elements for something that has none")


def _append(machine: _Machine) -> None:
    element = machine.stack.pop()
    _put_elements(machine, [element])


def _additems(machine: _Machine) -> None:
    elements = machine.pop_mark()
    target = machine.stack[-1]
    if type(target) is set:
        target.update(machine.checked_key(element) for element in elements)
    else:
        _put_elements(machine, elements)


def _frozenset(machine: _Machine) -> None:
    elements = machine.pop_mark()
    machine.append(frozenset(machine.checked_key(element) for element in elements))


def _bytearray8(machine: _Machine) -> None:
    (size,) = struct.unpack("<Q", machine.read(8))
    machine.append(bytearray(machine.read(size)))


def _put(machine: _Machine) -> None:
    index = int(machine.readline()[:-1])
    if not 0 <= index < 1 << 31:
        raise UnreadablePickleError("a place that no pickle has")
    machine.memo[index] = machine.stack[-1]


def _refuse(_: _Machine) -> None:
    raise UnreadablePickleError("an instruction that models are not saved with")


_REPLACED: dict[bytes, Callable[[_Machine], None]] = {
    pickle.REDUCE: _reduce,
    pickle.NEWOBJ: _newobj,
    pickle.NEWOBJ_EX: _newobj_ex,
    pickle.INST: _inst,
    pickle.OBJ: _obj,
    pickle.BUILD: _build,
    pickle.SETITEM: _setitem,
    pickle.SETITEMS: lambda machine: _put_items(machine, machine.pop_mark()),
    pickle.DICT: _dict,
    pickle.APPEND: _append,
    pickle.APPENDS: lambda machine: _put_elements(machine, machine.pop_mark()),
    pickle.ADDITEMS: _additems,
    pickle.FROZENSET: _frozenset,
    pickle.BYTEARRAY8: _bytearray8,
    pickle.PUT: _put,
    pickle.EXT1: _refuse,
    pickle.EXT2: _refuse,
    pickle.EXT4: _refuse,
    pickle.NEXT_BUFFER: _refuse,
    pickle.READONLY_BUFFER: _refuse,
}
_KEPT = (
    "PROTO FRAME PERSID BINPERSID NONE NEWFALSE NEWTRUE INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT "
    "BINFLOAT STRING BINSTRING SHORT_BINSTRING BINBYTES BINBYTES8 SHORT_BINBYTES UNICODE BINUNICODE "
    "BINUNICODE8 SHORT_BINUNICODE TUPLE EMPTY_TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST EMPTY_DICT EMPTY_SET "
    "LIST GLOBAL STACK_GLOBAL POP POP_MARK DUP GET BINGET LONG_BINGET BINPUT LONG_BINPUT MEMOIZE MARK "
    "STOP"
)
"""The instructions that only move plain values about; what is in neither list is refused."""


_PLAIN = (
    "GLOBAL BINUNICODE SHORT_BINSTRING LONG1 PROTO STOP NEWOBJ REDUCE BUILD APPEND APPENDS SETITEM SETITEMS MARK TUPLE "
    "TUPLE1 TUPLE2 TUPLE3 NONE NEWFALSE NEWTRUE EMPTY_TUPLE EMPTY_LIST EMPTY_DICT EMPTY_SET BININT BININT1 BININT2 "
    "BINFLOAT BINPERSID BINGET LONG_BINGET BINPUT LONG_BINPUT"
)
PLAIN_INSTRUCTIONS: frozenset[bytes] = frozenset(getattr(pickle, name) for name in _PLAIN.split())
"""What PyTorch's `weights_only` unpickler knows (torch/_weights_only_unpickler.py).

At another instruction some of PyTorch's readers fall back to an unpickler without restrictions.
"""


def _counted(code: bytes, instruction: Callable[[_Machine], None]) -> Callable[[_Machine], None]:
    def run(machine: _Machine) -> None:
        machine.count()
        machine.instructions.add(code)
        instruction(machine)

    return run


_Machine.dispatch = {
    code[0]: _counted(code, instruction)
    for code, instruction in (
        *_REPLACED.items(),
        *((code, _STANDARD.dispatch[code[0]]) for code in (getattr(pickle, name) for name in _KEPT.split())),
    )
}
