"""Makes the comparison that ships with the application: `python packaging/make_sample.py`."""

import dataclasses
from pathlib import Path

from mbgui.api import calibrate, compare
from mbgui.snapshots.codec import encode

LEFT, RIGHT = "torchvision:mobilenet_v2", "keras:MobileNetV2"
TARGET = Path(__file__).resolve().parent.parent / "resources" / "sample.mbsnap"


def main() -> None:
    """Calibrate this machine, then compare, verify and time the MobileNetV2 pair, and write it as the sample."""
    calibrate(LEFT, RIGHT)
    comparison = compare(
        LEFT,
        RIGHT,
        verification=True,
        transfer="left-to-right",
        mode="rigorous",
        budget_s=60.0,
        ladder=True,
        sweeps=("batch=1,2,4,8",),
        by_layer=True,
    )
    TARGET.write_bytes(encode(dataclasses.replace(comparison, is_sample=True)))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
