"""What goes wrong inside a child, in words a user reads."""

from mbgui.domain.error_text import error_detail, error_summary, is_out_of_memory
from mbgui.domain.errors import Problem
from mbgui.domain.framework import Framework
from mbgui.processes.installing import PACKAGES, install_advice, repair_advice


def import_problem(framework: Framework, error: Exception) -> Problem:
    """Why a framework cannot be imported: a package is missing, or an installation is broken."""
    detail = error_detail(error)
    if isinstance(error, ModuleNotFoundError) and error.name in PACKAGES[framework]:
        return Problem(
            sentence=f"{framework.display_name} cannot be used: the package “{error.name}” is not installed.",
            advice=install_advice(framework),
            detail=detail,
        )
    return Problem(
        sentence=f"{framework.display_name} is installed but cannot be imported ({error_summary(error)}).",
        advice=repair_advice(framework),
        detail=detail,
    )


def unexpected_problem(framework: Framework | None, error: Exception) -> Problem:
    """What a framework raised where nothing was expected."""
    name = "The process" if framework is None else framework.display_name
    if is_out_of_memory(error):
        return Problem(
            sentence=f"{name} ran out of memory.",
            advice="Choose a smaller model, input size or batch, close other programs, "
            "or let files take more memory (--file-memory).",
            detail=error_detail(error),
        )
    return Problem(
        sentence=f"{name} failed: {error_summary(error)}.",
        advice="The technical details hold the framework's own report.",
        detail=error_detail(error),
    )
