"""How a step can end otherwise than well."""


class StepFailed(Exception):  # noqa: N818  it is the outcome of a step, not a fault of the program
    """What a step found wrong, in words."""


class StepSkipped(Exception):  # noqa: N818  likewise
    """Why a step cannot be done here, in words."""
