"""What can be written behind the question mark of a model's name."""

from dataclasses import dataclass

from mbgui.domain.option_text import OptionValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOption:
    """One keyword argument of a model; `choices` is empty where any value of the default's type will do.

    `is_common` marks the options that mean the same in both frameworks.
    """

    name: str
    default: OptionValue
    description: str
    choices: tuple[str, ...] = ()
    is_common: bool = False
