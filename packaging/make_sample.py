"""Makes the comparison that ships with the application: `python packaging/make_sample.py`."""

import dataclasses
from pathlib import Path

from mbgui.api import compare
from mbgui.snapshots.codec import encode

TARGET = Path(__file__).resolve().parent.parent / "resources" / "sample.mbsnap"


def main() -> None:
    """Compare and verify the MobileNetV2 pair on this machine, mark the result as a sample and write it."""
    comparison = compare(
        "torchvision:mobilenet_v2", "keras:MobileNetV2", runs=100, verification=True, transfer="left-to-right"
    )
    TARGET.write_bytes(encode(dataclasses.replace(comparison, is_sample=True)))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
