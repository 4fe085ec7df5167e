"""The texts in an exported program that PyTorch would evaluate, judged against what exported programs are made of.

`torch.export.load` and `ExportedProgram.module()` give such texts to `sympy.sympify` (which evaluates), to `exec`
(guards, and the code that FX writes from names) and to chains of `getattr`. Each kind is parsed here with `ast` and
checked against a list of what may stand in it; everything else is refused.
"""

import ast
import re

MAXIMUM_EXPRESSION = 20_000
_MAXIMUM_POWERS = 8
_MAXIMUM_EXPONENT = 64

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z0-9_]+)*")
"""The path of a parameter or module: "features.0.weight"."""
KEY = re.compile(r"[\w .+-]*")
"""What may be the name of an input: no quotes, brackets or escapes, for it is pasted into code."""

_FUNCTIONS = frozenset(
    ["Add", "Mul", "Pow", "Integer", "Float", "Rational", "Symbol", "Dummy", "Max", "Min", "Mod", "Abs", "floor", "ceiling", "sign", "sqrt", "log", "exp", "Piecewise", "ExprCondPair", "GreaterThan", "LessThan", "StrictGreaterThan", "StrictLessThan", "Equality", "Unequality", "Eq", "Ne", "Ge", "Gt", "Le", "Lt", "And", "Or", "Not", "Xor", "Tuple", "FloorDiv", "ModularIndexing", "Where", "PythonMod", "CleanDiv", "CeilToInt", "FloorToInt", "CeilDiv", "LShift", "RShift", "PowByNatural", "FloatPow", "FloatTrueDiv", "IntTrueDiv", "IsNonOverlappingAndDenseIndicator", "TruncToFloat", "TruncToInt", "RoundToInt", "RoundDecimal", "ToFloat", "Identity", "BitwiseFn_bitwise_and", "BitwiseFn_bitwise_or", "BitwiseFn_bitwise_xor", "OpaqueUnaryFn_sqrt", "OpaqueUnaryFn_cos", "OpaqueUnaryFn_cosh", "OpaqueUnaryFn_sin", "OpaqueUnaryFn_sinh", "OpaqueUnaryFn_tan", "OpaqueUnaryFn_tanh", "OpaqueUnaryFn_asin", "OpaqueUnaryFn_acos", "OpaqueUnaryFn_atan", "OpaqueUnaryFn_exp", "OpaqueUnaryFn_log", "OpaqueUnaryFn_log2", "OpaqueUnaryFn_asinh"]
)
_CONSTANTS = frozenset(
    {"true", "false", "True", "False", "oo", "int_oo", "zoo", "BooleanTrue", "BooleanFalse", "Infinity"}
)
_SYMBOL = re.compile(r"z?[sufi]f?\d{1,9}|[A-Za-z]\w{0,40}")
_NUMBER_TEXT = re.compile(r"-?[0-9.]{1,40}(e[+-]?\d{1,4})?")
_POWERS = frozenset({"Pow", "PowByNatural", "FloatPow", "LShift", "RShift"})
_ARITHMETIC = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr,
    ast.BitXor, ast.UAdd, ast.USub, ast.Not, ast.Invert, ast.And, ast.Or, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt,
    ast.GtE, ast.Load, ast.Is, ast.IsNot,
)  # fmt: skip
_PLAIN = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Tuple, ast.IfExp, *_ARITHMETIC)
_MATH = frozenset(["trunc", "floor", "ceil", "sqrt", "pow", "isnan", "isinf", "inf", "nan", "log", "log2", "exp", "sin", "cos", "tan", "fabs", "gcd"])
_METHODS = frozenset({"size", "stride", "storage_offset", "dim", "item"})

_OPERATORS = frozenset(
    ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "neg", "pos", "abs", "and_", "or_", "xor", "invert", "not_", "lshift", "rshift", "eq", "ne", "lt", "le", "gt", "ge", "getitem", "index", "is_", "is_not", "truth"]
)
_SYM_FUNCTIONS = frozenset(
    ["sym_int", "sym_float", "sym_max", "sym_min", "sym_not", "sym_ite", "sym_sum", "sym_fresh_size", "_sym_sqrt", "_sym_cos", "_sym_cosh", "_sym_sin", "_sym_sinh", "_sym_tan", "_sym_tanh", "_sym_asin", "_sym_acos", "_sym_atan", "_sym_log2", "_sym_exp", "_sym_log"]
)
_HIGHER_ORDER = frozenset(
    ["cond", "while_loop", "wrap_with_set_grad_enabled", "wrap_with_autocast", "map_impl", "map", "scan", "associative_scan", "flex_attention", "wrap_with_inference_mode", "invoke_subgraph", "checkpoint", "tag_activation_checkpoint", "wrap_activation_checkpoint", "run_const_graph", "strict_mode", "autograd_function_apply"]
)
_TORCHVISION = frozenset(["nms", "roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"])
_ATEN = re.compile(r"torch\.ops\.(aten|prims)\.(\w+)\.(\w+)")
_ATEN_FORBIDDEN = re.compile(
    r"(from_file|_?save|_?load|open|.*file.*|.*pickle.*|_test_.*|set_data|warn|print|format|Storage.*)"
)


def unfit_target(target: str) -> bool:
    """Whether an operator is none that computes on tensors or sizes."""
    matched = _ATEN.fullmatch(target)
    if matched is not None:
        return matched[2].startswith("__") or _ATEN_FORBIDDEN.fullmatch(matched[2]) is not None
    module, _, name = target.rpartition(".")
    if module == "torch.ops.higher_order":
        return name not in _HIGHER_ORDER
    if module.rpartition(".")[0] == "torch.ops.torchvision":
        return module.rpartition(".")[2] not in _TORCHVISION or IDENTIFIER.fullmatch(name) is None
    return name not in {"_operator": _OPERATORS, "math": _MATH, "torch": _SYM_FUNCTIONS}.get(module, frozenset())


def unfit_expression(text: str) -> bool:
    """Whether a text that sympy would evaluate is anything but arithmetic on numbers, sizes and sympy's functions."""
    tree = _parsed(text)
    return tree is None or _has_large_powers(tree) or not all(_fits_expression(node) for node in ast.walk(tree))


def unfit_guard(text: str) -> bool:
    """Whether a guard is anything but a comparison of sizes of the inputs (`L['x'].size()[0] >= 2`)."""
    tree = _parsed(text)
    return tree is None or _has_large_powers(tree) or not all(_fits_guard(node) for node in ast.walk(tree))


def _parsed(text: str) -> ast.Expression | None:
    if len(text) > MAXIMUM_EXPRESSION or not text.isprintable():
        return None
    try:
        return ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _fits_expression(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS
    if isinstance(node, ast.keyword):
        return node.arg is not None and isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Name):
        return node.id in _FUNCTIONS or node.id in _CONSTANTS or re.fullmatch(r"z?[suf]f?\d{1,9}", node.id) is not None
    if isinstance(node, ast.Constant):
        return _is_number(node.value) or (
            isinstance(node.value, str)
            and (_SYMBOL.fullmatch(node.value) is not None or _NUMBER_TEXT.fullmatch(node.value) is not None)
        )
    return isinstance(node, _PLAIN)


def _fits_guard(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return not node.keywords and isinstance(node.func, ast.Attribute)
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in ("math", "torch"):
            return node.attr in (_MATH if node.value.id == "math" else _SYM_FUNCTIONS)
        return node.attr in _METHODS
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, (int, str))
    if isinstance(node, ast.Name):
        return node.id in ("L", "math", "torch", "inf")
    if isinstance(node, ast.Constant):
        return _is_number(node.value) or (isinstance(node.value, str) and KEY.fullmatch(node.value) is not None)
    return isinstance(node, _PLAIN)


def _is_number(value: object) -> bool:
    if value is None or isinstance(value, (bool, float)):
        return True
    return isinstance(value, int) and abs(value) < 1 << 64


def _has_large_powers(tree: ast.Expression) -> bool:
    """Whether a power in it could grow beyond all memory: exponents are small numbers or sizes, and few."""
    count = 0
    for node in ast.walk(tree):
        exponent = _exponent(node)
        if exponent is None:
            continue
        count += 1
        if count > _MAXIMUM_POWERS or any(
            isinstance(part, ast.Constant)
            and isinstance(part.value, (int, float))
            and abs(part.value) > _MAXIMUM_EXPONENT
            for part in ast.walk(exponent)
        ):
            return True
        if any(_exponent(part) is not None for part in ast.walk(exponent)):
            return True
    return False


def _exponent(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Pow, ast.LShift, ast.RShift)):
        return node.right
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _POWERS
        and len(node.args) > 1
    ):
        return node.args[1]
    return None
