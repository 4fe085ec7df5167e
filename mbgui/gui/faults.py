"""How a fault of the program itself reads."""

import traceback

from mbgui.domain.errors import Problem


def unexpected_problem(error: Exception) -> Problem:
    """What a user reads where the program itself is at fault."""
    return Problem(
        sentence=f"Something unexpected went wrong: {type(error).__name__}: {error}",
        advice="This is a fault of mbgui. Please report it with the details; what was finished so far is still here.",
        detail="".join(traceback.format_exception(error)),
    )
