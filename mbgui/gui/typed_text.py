"""What is typed into the window, read by the rules of the command line."""

from mbgui.domain.source import ModelSource


class TypedText:
    """Reads model references and input sizes."""

    def source(self, text: str) -> ModelSource:
        """The model that a text names. Raises `MbguiError`."""
        from mbgui.pipeline.references import parse_source  # noqa: PLC0415 - not needed for the first picture

        return parse_source(text)

    def input_size(self, text: str) -> tuple[int, int]:
        """Height and width in pixels. Raises `MbguiError`."""
        from mbgui.pipeline.references import parse_input_size  # noqa: PLC0415 - not needed for the first picture

        return parse_input_size(text)
