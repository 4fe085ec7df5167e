"""Tensors of a file are found by words in name, type and shape."""

from mbgui.analysis.file_tensor_search import file_search_text, find_texts
from tests.support.records import tiny_model_file


def test_every_word_has_to_occur_in_name_type_or_shape() -> None:
    texts = [file_search_text(tensor) for tensor in tiny_model_file().tensors]
    assert find_texts((), texts) == [0, 1]
    assert find_texts(("conv", "float32"), texts) == [0]
    assert find_texts(("3×3",), texts) == [0]
    assert find_texts(("scalar",), texts) == [1]
    assert find_texts(("conv", "int64"), texts) == []
