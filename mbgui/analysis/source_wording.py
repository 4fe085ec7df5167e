"""How a model is called in a sentence."""

from mbgui.domain.source import ModelSource


def short_reference(source: ModelSource) -> str:
    """`keras:MobileNetV2` for a model of a zoo; a file or a callable goes by its title, since paths may be long."""
    return source.reference if source.is_from_zoo else source.title
