"""What is typed into the window, read by the rules of the command line."""

from mbgui.domain.input_shape import InputShape
from mbgui.domain.source import ModelSource


class TypedText:
    """Reads model references and input shapes."""

    def source(self, text: str) -> ModelSource:
        """The model that a text names. Raises `MbguiError`."""
        from mbgui.pipeline.references import parse_source  # noqa: PLC0415 - not needed for the first picture

        return parse_source(text)

    def inputs(self, text: str) -> tuple[InputShape, ...]:
        """The inputs that a text names, none for “auto”. Raises `MbguiError`."""
        from mbgui.pipeline.input_texts import parse_inputs  # noqa: PLC0415 - not needed for the first picture

        return parse_inputs(text)
