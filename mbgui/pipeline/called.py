"""What a side runs, as the statistics name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mbgui.analysis.launch_spread import CalledSide
    from mbgui.pipeline.subject import Subject


def called_side(subject: Subject) -> CalledSide:
    """Model, framework, call path and threads of a side."""
    from mbgui.analysis.launch_spread import CalledSide  # noqa: PLC0415  not at the start of the app

    return CalledSide(
        model=subject.source.reference,
        framework=subject.framework,
        call_path=subject.call_path,
        threads=subject.threads,
    )
