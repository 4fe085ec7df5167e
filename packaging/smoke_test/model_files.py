"""Small model files written byte by byte, so that no framework of this machine has a part in them."""

import json
import struct
import zipfile
from pathlib import Path

VALUES = (1.0, -2.5, 0.25, 8.0, 0.0, 3.5)
SHAPE = (2, 3)


def write_safetensors(path: Path, name: str) -> None:
    """A file with one float32 tensor (the format of huggingface/safetensors, README “Format”)."""
    data = struct.pack(f"<{len(VALUES)}f", *VALUES)
    header = json.dumps({name: {"dtype": "F32", "shape": SHAPE, "data_offsets": (0, len(data))}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)


def write_npz(path: Path, name: str) -> None:
    """An archive with one float32 array (numpy.lib.format, version 1.0)."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {SHAPE}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.npy", array + struct.pack(f"<{len(VALUES)}f", *VALUES))
