"""A problem as the reason why something is missing: what is wrong, and what to do."""

from mbgui.domain.errors import Problem


def problem_text(problem: Problem) -> str:
    """Sentence and advice in one line."""
    return f"{problem.sentence} {problem.advice}".strip()
