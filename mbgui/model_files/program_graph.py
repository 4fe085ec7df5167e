"""Where the texts of an exported program stand that PyTorch would evaluate: its graph, signature and input trees."""

import json
from collections.abc import Callable
from typing import Any

from mbgui.model_files.pickle_reading import Called
from mbgui.model_files.program_strings import (
    DOTTED,
    FUNCTION_PATH,
    IDENTIFIER,
    KEY,
    unfit_expression,
    unfit_guard,
    unfit_target,
)
from mbgui.model_files.refusals import quoted

MAXIMUM_TEXTS = 5_000_000

_TREE_TYPES = frozenset(
    {"builtins.tuple", "builtins.list", "builtins.dict", "collections.OrderedDict", "collections.deque"}
    | {"torch.fx.immutable_collections.immutable_list", "torch.fx.immutable_collections.immutable_dict"}
)
_PLAIN_METADATA = frozenset(
    {"stack_trace", "nn_module_stack", "torch_fn", "custom", "from_node", "seq_nr", "partition"}
)
"""Notes on where a node comes from: kept as texts, never evaluated."""
_NAME_KEYS = frozenset({"name", "as_name", "user_input_name", "token_name"})
_PATH_KEYS = frozenset({"fqn", "parameter_name", "buffer_name", "tensor_constant_name", "class_fqn", "custom_obj_name"})
_NAMED_VALUES = ("tensor_values", "sym_int_values", "sym_bool_values", "sym_float_values")


class UnfitProgramError(Exception):
    """Something in a program that it does not need; the message names it."""


class GraphJudge:
    """Walks a program once; raises `UnfitProgramError` at the first text that is not what it should be."""

    def __init__(self) -> None:
        self._left = MAXIMUM_TEXTS

    def check_program(self, program: dict[str, Any]) -> None:
        """Check everything of a program that is ever evaluated, imported, called or pasted into code."""
        for guard in program.get("guards_code") or ():
            self._must_fit(guard, unfit_guard, "the guard")
        for constraint in program["range_constraints"]:
            self._must_fit(constraint, unfit_expression, "the expression")
        for verifier in program.get("verifiers") or ():
            self._must_match(verifier, IDENTIFIER.fullmatch, "the verifier", or_empty=True)
        module = program["graph_module"]
        for name in module.get("treespec_namedtuple_fields") or ():
            raise UnfitProgramError(f"the input type {quoted(name)}")
        self._check_graph(module["graph"])
        self._check_names(module["signature"])
        for entry in module["module_call_graph"]:
            self._check_call(entry)
        self._check_constant_inputs(module)

    def check_keys(self, value: object) -> None:
        """Check the keys of example inputs, which become part of the code of guards."""
        pending = [value]
        while pending:
            self._count()
            node = pending.pop()
            if isinstance(node, dict):
                for key in node:
                    if not isinstance(key, int):
                        self._must_match(key, KEY.fullmatch, "the name of an input")
                pending.extend(node.values())
            elif isinstance(node, (list, tuple)):
                pending.extend(node)
            elif isinstance(node, Called) and node.items:
                pending.append({key if isinstance(key, (str, int)) else str(key): part for key, part in node.items})

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise UnfitProgramError("too many parts")

    def _check_graph(self, graph: dict[str, Any]) -> None:
        for values in _NAMED_VALUES:
            for name in graph.get(values) or ():
                self._must_match(name, IDENTIFIER.fullmatch, "the name")
        if graph.get("custom_obj_values"):
            raise UnfitProgramError(f"the object {quoted(next(iter(graph['custom_obj_values'])))}")
        for key, part in graph.items():
            if key != "nodes":
                self._check_names(part)
        for node in graph["nodes"]:
            self._check_node(node)

    def _check_node(self, node: dict[str, Any]) -> None:
        self._must_fit(node["target"], unfit_target, "the operator")
        for argument in node["inputs"]:
            self._must_match(argument["name"], IDENTIFIER.fullmatch, "the argument", or_empty=True)
            self._check_names(argument["arg"])
        self._check_names(node["outputs"])
        if node.get("name") is not None:
            self._must_match(node["name"], IDENTIFIER.fullmatch, "the name")
        for key, text in (node.get("metadata") or {}).items():
            if key == "source_fn_stack":
                for item in text.split(";"):
                    self._must_match(item.rpartition(",")[2], FUNCTION_PATH.fullmatch, "the function")
            elif key not in _PLAIN_METADATA:
                raise UnfitProgramError(f"the note {quoted(key)}")

    def _check_names(self, value: Any) -> None:
        """Names, expressions, inner graphs and operators anywhere below."""
        pending = [value]
        while pending:
            self._count()
            node = pending.pop()
            if isinstance(node, list):
                pending.extend(part for part in node if isinstance(part, (dict, list)))
            elif isinstance(node, dict):
                pending.extend(part for part in map(self._check_pair, node, node.values()) if part is not None)

    def _check_pair(self, key: str, value: Any) -> Any:
        """Check one entry of a dictionary; what of it has to be walked still."""
        if key == "as_graph":
            self._must_match(value["name"], IDENTIFIER.fullmatch, "the name")
            self._check_graph(value["graph"])
            return None
        if key in ("as_custom_obj", "custom_obj"):
            raise UnfitProgramError(f"the object {quoted(value)}")
        if key == "as_string_to_argument":
            for name in value:
                self._must_match(name, KEY.fullmatch, "the name")
        self._check_text(key, value)
        return value if isinstance(value, (dict, list)) else None

    def _check_text(self, key: str, value: Any) -> None:
        if key == "as_operator":
            self._must_fit(value, unfit_target, "the operator")
        elif key == "expr_str":
            self._must_fit(value, unfit_expression, "the expression")
        elif key in _NAME_KEYS and value is not None:
            self._must_match(value, IDENTIFIER.fullmatch, "the name", or_empty=True)
        elif key in _PATH_KEYS:
            self._must_match(value, DOTTED.fullmatch, "the path", or_empty=True)

    def _check_call(self, entry: dict[str, Any]) -> None:
        self._must_match(entry["fqn"].replace("@", "."), DOTTED.fullmatch, "the path", or_empty=True)
        signature = entry.get("signature")
        if signature is None:
            return
        self._check_names(signature["inputs"])
        self._check_names(signature["outputs"])
        for name in signature.get("forward_arg_names") or ():
            self._must_match(name, IDENTIFIER.fullmatch, "the name of an input")
        for tree in ("in_spec", "out_spec"):
            if signature[tree]:
                self._check_tree(json.loads(signature[tree])[1])

    def _check_tree(self, tree: Any) -> None:
        """The shape of inputs or outputs: nothing that imports a module, and names that are harmless in code."""
        if tree["type"] == "builtins.tuple" and len(tree["children_spec"]) == 2:
            self._check_keywords(tree["children_spec"][1])
        pending = [tree]
        while pending:
            self._count()
            node = pending.pop()
            kind = node["type"]
            if kind is not None and kind not in _TREE_TYPES and not str(kind).startswith("torch.return_types."):
                raise UnfitProgramError(f"the input type {quoted(kind)}")
            context = node["context"]
            self._check_context(json.loads(context) if isinstance(context, str) else context)
            pending.extend(node["children_spec"])

    def _check_keywords(self, node: Any) -> None:
        """Named inputs become the names of arguments of generated code."""
        if node["type"] == "builtins.dict":
            for name in json.loads(node["context"]):
                self._must_match(name, IDENTIFIER.fullmatch, "the name of an input")

    def _check_context(self, context: Any) -> None:
        if isinstance(context, dict):
            raise UnfitProgramError(f"the input type {quoted(context)}")
        for part in context if isinstance(context, list) else [context]:
            if isinstance(part, str):
                self._must_match(part, KEY.fullmatch, "the name of an input")
            elif part is not None and not isinstance(part, (int, float)):
                self._check_context(part)

    def _check_constant_inputs(self, module: dict[str, Any]) -> None:
        """Texts among the inputs are compared by generated code."""
        for value in module["graph"]["inputs"]:
            if "as_string" in value:
                self._must_match(value["as_string"], KEY.fullmatch, "the input")
        for spec in module["signature"]["input_specs"]:
            text = (spec.get("constant_input") or {}).get("value", {}).get("as_string")
            if text is not None:
                self._must_match(text, KEY.fullmatch, "the input")

    def _must_fit(self, text: object, is_unfit: Callable[[str], bool], what: str) -> None:
        self._count()
        if not isinstance(text, str) or is_unfit(text):
            raise UnfitProgramError(f"{what} {quoted(text)}")

    def _must_match(self, text: object, matches: Callable[[str], object], what: str, *, or_empty: bool = False) -> None:
        self._count()
        if not isinstance(text, str) or (not matches(text) and not (or_empty and text == "")):
            raise UnfitProgramError(f"{what} {quoted(text)}")
