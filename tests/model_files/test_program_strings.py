"""What PyTorch would evaluate of an exported program: what it writes itself passes, anything else does not."""

import pytest

from mbgui.model_files.program_strings import unfit_expression, unfit_guard, unfit_target


@pytest.mark.parametrize(
    "text",
    ["s0 + s1", "2*s83", "Mul(Integer(2), Symbol('s83', positive=True, integer=True))", "Max(1, s0//2)", "s0**2",
     "GreaterThan(Symbol('u0', integer=True), Integer(0))", "ToFloat(s0)", "-s0", "FloorDiv(s0 - 1, 32) + 1"],
)  # fmt: skip
def test_sizes_are_arithmetic(text: str) -> None:
    assert not unfit_expression(text)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "s0.__class__", "Symbol.mro()", "[x for x in s0]", "lambda: s0", "s0; s1", "open", "eval('1')",
     "Symbol('s0')('x')", "9**9**9", "s0**1000", "Symbol(\"a'\")", "f'{s0}'", "s0[0]", "(x := s0)", "Function('os')",
     "1" * 30_000, "(" * 5000 + "1" + ")" * 5000, "Symbol('s0', commutative=__import__('os'))", "*s0",
     "s0 if s1 else exit"],
)  # fmt: skip
def test_anything_else_is_no_size(text: str) -> None:
    assert unfit_expression(text)


@pytest.mark.parametrize(
    "text",
    ["L['x'].size()[0] >= 2", "(1 + (((-1) + L['x'].size()[3]) // 2)) != 1", "L['a']['b'].stride()[1] == 1",
     "math.trunc(torch.sym_float(L['x'].size()[0]) ** 0.5) == 2", "L['mode'] == 'tanh'", "torch.sym_max(1, 2) == 2"],
)  # fmt: skip
def test_guards_compare_sizes(text: str) -> None:
    assert not unfit_guard(text)


@pytest.mark.parametrize(
    "text",
    ["exec('1')", "L['x'].__class__", "torch.load('x')", "torch.os.system('x')", "math.__loader__", "L['a\\'b'] == 1",
     "L['x\"'] == 1", "L['x'].size(key=1)", "L[exit()] == 1", "print == 1", "torch._dynamo", "L['x'].tofile('y')"],
)  # fmt: skip
def test_anything_else_is_no_guard(text: str) -> None:
    assert unfit_guard(text)


@pytest.mark.parametrize(
    "target",
    ["torch.ops.aten.conv2d.default", "torch.ops.prims.add.default", "_operator.getitem", "torch.sym_max", "math.trunc",
     "torch._sym_sqrt", "torch.ops.higher_order.cond", "torch.ops.torchvision.nms.default",
     "torch.ops.aten.add_.Tensor"],
)  # fmt: skip
def test_operators_compute_on_tensors_and_sizes(target: str) -> None:
    assert not unfit_target(target)


@pytest.mark.parametrize(
    "target",
    ["torch.os.system", "torch.load", "_operator.attrgetter", "_operator.methodcaller",
     "_operator.call", "math.__loader__",
     "torch.ops.aten.from_file.default", "torch.ops.aten.save.default", "torch.ops.aten.__class__.x", "#x:y",
     "eval", "",
     "torch.ops.image.read_file.default", "torch.ops.higher_order.triton_kernel_wrapper_mutation",
     "torch.sym_int.__globals__",
     "torch.ops.aten.add.Tensor.x", "torch.ops.aten.add\n.Tensor", "torch.ops.torchvision._jit.x"],
)  # fmt: skip
def test_no_other_function_is_an_operator(target: str) -> None:
    assert unfit_target(target)
