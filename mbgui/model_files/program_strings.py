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
DOTTED = re.compile(r"[\w .@:/+-]+")
"""The path of a parameter or module ("features.0.weight"); it may be pasted into code between double quotes."""
FUNCTION_PATH = re.compile(r"[A-Za-z_][\w.]*")
"""The path of a function that is looked up and not called."""
KEY = re.compile(r"[\w .+-]*")
"""What may be the name of an input: no quotes, brackets or escapes, for it is pasted into code."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(" "))


_FUNCTIONS = _words(
    "Add Mul Pow Integer Float Rational Symbol Dummy Max Min Mod Abs floor ceiling sign sqrt log exp "
    "Piecewise ExprCondPair GreaterThan LessThan StrictGreaterThan StrictLessThan Equality Unequality Eq Ne "
    "Ge Gt Le Lt And Or Not Xor Tuple FloorDiv ModularIndexing Where PythonMod CleanDiv CeilToInt FloorToInt "
    "CeilDiv LShift RShift PowByNatural FloatPow FloatTrueDiv IntTrueDiv IsNonOverlappingAndDenseIndicator "
    "TruncToFloat TruncToInt RoundToInt RoundDecimal ToFloat Identity BitwiseFn_bitwise_and "
    "BitwiseFn_bitwise_or BitwiseFn_bitwise_xor OpaqueUnaryFn_sqrt OpaqueUnaryFn_cos OpaqueUnaryFn_cosh "
    "OpaqueUnaryFn_sin OpaqueUnaryFn_sinh OpaqueUnaryFn_tan OpaqueUnaryFn_tanh OpaqueUnaryFn_asin "
    "OpaqueUnaryFn_acos OpaqueUnaryFn_atan OpaqueUnaryFn_exp OpaqueUnaryFn_log OpaqueUnaryFn_log2 "
    "OpaqueUnaryFn_asinh"
)
_ASSUMPTIONS = _words(
    "integer positive nonnegative negative nonpositive zero nonzero real finite infinite rational even odd "
    "commutative complex extended_real evaluate"
)
_PRECISE = frozenset({"Float", "RoundDecimal"})
_CONSTANTS = frozenset(
    {"true", "false", "True", "False", "oo", "int_oo", "zoo", "BooleanTrue", "BooleanFalse", "Infinity"}
)
_SIZE = re.compile(r"z?[suf]f?\d{1,9}")
"""How symbols for sizes are called: s0, u1, zf2."""
_SYMBOL = re.compile(r"[A-Za-z]\w{0,40}")
_NUMBER_TEXT = re.compile(r"-?[0-9.]{1,40}(e[+-]?\d{1,4})?")
_POWERS = frozenset({"Pow", "PowByNatural", "FloatPow", "LShift", "RShift"})
_ARITHMETIC = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr,
    ast.BitXor, ast.UAdd, ast.USub, ast.Not, ast.Invert, ast.And, ast.Or, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt,
    ast.GtE, ast.Load, ast.Is, ast.IsNot,
)  # fmt: skip
_PLAIN = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Tuple, ast.IfExp, *_ARITHMETIC)
_MATH = _words("trunc floor ceil sqrt pow isnan isinf inf nan log log2 exp sin cos tan fabs gcd")
_METHODS = frozenset({"size", "stride", "storage_offset", "dim", "item"})

_OPERATORS = _words(
    "add sub mul truediv floordiv mod pow neg pos abs and_ or_ xor invert not_ lshift rshift eq ne lt le gt "
    "ge getitem index is_ is_not truth"
)
_SYM_FUNCTIONS = _words(
    "sym_int sym_float sym_max sym_min sym_not sym_ite sym_sum sym_fresh_size _sym_sqrt _sym_cos _sym_cosh "
    "_sym_sin _sym_sinh _sym_tan _sym_tanh _sym_asin _sym_acos _sym_atan _sym_log2 _sym_exp _sym_log"
)
_HIGHER_ORDER = _words(
    "cond while_loop wrap_with_set_grad_enabled wrap_with_autocast map_impl map scan associative_scan "
    "flex_attention wrap_with_inference_mode invoke_subgraph checkpoint tag_activation_checkpoint "
    "wrap_activation_checkpoint run_const_graph strict_mode autograd_function_apply"
)
_TORCHVISION = frozenset(["nms", "roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"])
_ATEN = re.compile(r"torch\.ops\.(aten|prims)\.(\w+)\.(\w+)")
_ATEN_FORBIDDEN = re.compile(
    r"(from_file|_?save|_?load|open|.*file.*|.*pickle.*|_test_.*|set_data|warn|print|format|Storage.*)"
)

_GUARD_MODULES = {"math": _MATH, "torch": _SYM_FUNCTIONS}
_NAMES = {"_operator": _OPERATORS, "math": _MATH, "torch": _SYM_FUNCTIONS, "torch.ops.higher_order": _HIGHER_ORDER}


def unfit_target(target: str) -> bool:
    """Whether an operator is none that computes on tensors or sizes."""
    matched = _ATEN.fullmatch(target)
    if matched is not None:
        return matched[2].startswith("__") or _ATEN_FORBIDDEN.fullmatch(matched[2]) is not None
    module, _, name = target.rpartition(".")
    package, _, operator = module.rpartition(".")
    if package == "torch.ops.torchvision":
        return operator not in _TORCHVISION or IDENTIFIER.fullmatch(name) is None
    return name not in _NAMES.get(module, frozenset())


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
    match node:
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return name in _FUNCTIONS and (name not in _PRECISE or all(map(_is_short_precision, arguments[1:])))
        case ast.keyword(arg=str() as name, value=ast.Constant(value=bool())):
            return name in _ASSUMPTIONS
        case ast.Name(id=name):
            return name in _FUNCTIONS or name in _CONSTANTS or _SIZE.fullmatch(name) is not None
        case ast.Constant(value=str() as text):
            return _SYMBOL.fullmatch(text) is not None or _NUMBER_TEXT.fullmatch(text) is not None
        case ast.Constant(value=value):
            return _is_number(value)
    return isinstance(node, _PLAIN)


def _is_short_precision(node: ast.AST) -> bool:
    """Digits after the point: numbers of a million of them take minutes."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and 0 <= node.value <= _MAXIMUM_EXPONENT


def _fits_guard(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=function, keywords=keywords):
            return isinstance(function, ast.Attribute) and not keywords
        case ast.Attribute(value=owner, attr=name):
            return name in (_GUARD_MODULES.get(owner.id, _METHODS) if isinstance(owner, ast.Name) else _METHODS)
        case ast.Subscript(slice=index):
            return isinstance(index, ast.Constant) and isinstance(index.value, (int, str))
        case ast.Name(id=name):
            return name in ("L", "math", "torch", "inf")
        case ast.Constant(value=value):
            return _is_number(value) or (isinstance(value, str) and KEY.fullmatch(value) is not None)
    return isinstance(node, _PLAIN)


def _is_number(value: object) -> bool:
    if value is None or isinstance(value, (bool, float)):
        return True
    return isinstance(value, int) and abs(value) < 1 << 64


def _has_large_powers(tree: ast.Expression) -> bool:
    """Whether a power in it could grow beyond all memory: exponents are small numbers or sizes, and few."""
    exponents = [exponent for node in ast.walk(tree) if (exponent := _exponent(node)) is not None]
    return len(exponents) > _MAXIMUM_POWERS or any(
        _is_large_number(part) or _exponent(part) is not None for exponent in exponents for part in ast.walk(exponent)
    )


def _is_large_number(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, (int, float)) and abs(value) > _MAXIMUM_EXPONENT


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
