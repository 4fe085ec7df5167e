"""The values of the tensors in a file, one after another."""

from collections.abc import Iterator

from mbgui.domain.errors import MbguiError
from mbgui.domain.model_file import ModelFile
from mbgui.model_files.findings import Array
from mbgui.model_files.inspection import examine
from mbgui.model_files.signature import DEFAULT_MEMORY_BYTES, opened_file


def read_values(path: str, file: ModelFile, *, memory_bytes: int = DEFAULT_MEMORY_BYTES) -> Iterator[tuple[str, Array]]:
    """Every tensor of a file that `inspect_file` accepted, by name, in its order.

    Values stored as they are stay memory-mapped until they are used; they are read-only. bfloat16 comes as float32.

    Raises:
        MbguiError: the file was refused, has changed since, or has an element type that numpy lacks.
    """
    if file.refusal is not None:
        raise MbguiError(file.refusal)
    with opened_file(path, memory_bytes) as opened:
        examined = examine(opened)
        if examined.refusal is not None:
            raise MbguiError(examined.refusal)
        for array in examined.findings.arrays:
            yield array.name, array.read()
