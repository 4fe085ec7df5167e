"""Multiply-accumulates against numbers worked out by hand."""

from mbgui.frameworks import mac_count


def test_a_convolution_sums_its_window_for_every_output_value() -> None:
    assert mac_count.convolution((3, 3), 3, (1, 32, 112, 112)) == 10_838_016  # the first layer of MobileNetV2


def test_the_order_of_the_dimensions_does_not_matter_to_a_convolution() -> None:
    assert mac_count.convolution((3, 3), 1, (1, 96, 56, 56)) == mac_count.convolution((3, 3), 1, (1, 56, 56, 96))


def test_a_transposed_convolution_counts_from_its_input() -> None:
    assert mac_count.transposed_convolution((2, 2), 5, (2, 6, 15, 19)) == 2 * 6 * 15 * 19 * 5 * 4


def test_a_dense_layer_sums_its_inputs_for_every_output_of_every_row() -> None:
    assert mac_count.dense(1280, (4, 1000)) == 4 * 1_280_000


def test_a_stack_of_matrix_products_counts_every_matrix() -> None:
    assert mac_count.matrix_product((49, 3, 64, 32), (49, 3, 64, 64)) == 49 * 3 * 64 * 64 * 32


def test_attention_counts_both_products() -> None:
    assert mac_count.attention((1, 12, 5, 64), (1, 12, 7, 64), (1, 12, 7, 32)) == 12 * 5 * 7 * (64 + 32)


def test_projected_attention_adds_four_projections() -> None:
    macs = mac_count.projected_attention(
        (2, 4, 8), (2, 4, 8), (2, 4, 8), key_width=6, value_width=6, output_shape=(2, 4, 8)
    )
    assert macs == 4 * (2 * 4 * 8 * 6) + 2 * (2 * 4 * 4 * 6)


def test_an_einsum_is_the_product_of_its_extents() -> None:
    assert mac_count.einsum("b h i d, b h j d -> b h i j", ((2, 3, 4, 5), (2, 3, 6, 5))) == 2 * 3 * 4 * 6 * 5


def test_an_einsum_of_one_tensor_multiplies_nothing() -> None:
    assert mac_count.einsum("ij->ji", ((2, 3),)) == 0
