"""What goes wrong in this field, as operators: each gives, for a piece of code, what it becomes.

An operator takes a node of Python's syntax tree and the function that it stands in, and yields the
nodes that may stand in its place.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)
Operator = Callable[[Any, ast.FunctionDef], Iterator[ast.AST]]

OPERATORS: list[tuple[tuple[type[ast.AST], ...], Operator]] = []


def _applies_to(*kinds: type[ast.AST]) -> Callable[[Operator], Operator]:
    def register(operator: Operator) -> Operator:
        OPERATORS.append((kinds, operator))
        return operator

    return register


def _changed(node: Node, **fields: Any) -> Node:
    """Return a copy of a node with some of its fields replaced."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _replaced(items: list[Any], place: int, *new: Any) -> list[Any]:
    return [*items[:place], *new, *items[place + 1 :]]


def _swapped(items: list[Any]) -> Iterator[list[Any]]:
    """Yield the list with each two neighbours swapped."""
    for i, (first, second) in enumerate(pairwise(items)):
        if ast.dump(first) != ast.dump(second) and not _are_equal_numbers(first, second):
            yield [*items[:i], second, first, *items[i + 2 :]]


def _are_equal_numbers(*nodes: ast.expr) -> bool:
    values = {node.value if isinstance(node, ast.Constant) else node for node in nodes}
    return len(values) == 1


def _is_number(node: ast.expr) -> bool:
    """Tell whether something is plainly a number of Python's, and no tensor."""
    match node:
        case ast.BinOp(left=left, right=right):
            return _is_number(left) and _is_number(right)
        case ast.Call(func=ast.Name(id="len" | "int" | "float" | "sum")):
            return True
    return isinstance(node, ast.Constant) or _method(node) == "item"


def _method(node: ast.AST) -> str:
    """Return the name of the method or function of a module that is called; empty if none is."""
    called = node.func if isinstance(node, ast.Call) else None
    return called.attr if isinstance(called, ast.Attribute) else ""


def _renamed(node: ast.Call, name: str) -> ast.Call:
    assert isinstance(node.func, ast.Attribute)
    return _changed(node, func=_changed(node.func, attr=name))


def _is_of_module(node: ast.AST) -> bool:
    """Tell whether something is looked up in a module, as `torch.stack` and `nn.utils.x` are."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("torch", "nn", "F", "np", "math", "re")


@_applies_to(ast.BinOp)
def drop_operand(node: ast.BinOp, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out what is on one side of an operator, such as `* grad_output`."""
    yield node.left
    yield node.right if not isinstance(node.op, ast.Sub) else ast.UnaryOp(ast.USub(), node.right)


@_applies_to(ast.Return, ast.Assign, ast.AnnAssign)
def negate(node: Any, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Turn the sign of what is returned or assigned, be it one of several."""
    match node.value:
        case None | ast.Constant(value=None) | ast.Constant(value=bool()) | ast.Constant(value=0):
            return
        case ast.Tuple(elts=elements):
            for i, element in enumerate(elements):
                if not isinstance(element, ast.Constant) and "zeros" not in _method(element):
                    negative = ast.UnaryOp(ast.USub(), element)
                    elts = _replaced(elements, i, negative)
                    yield _changed(node, value=_changed(node.value, elts=elts))
        case ast.List() | ast.Dict() | ast.ListComp() | ast.DictComp():
            return
        case ast.Call() as call if "zeros" in _method(call):
            return
        case value:
            yield _changed(node, value=ast.UnaryOp(ast.USub(), value))


@_applies_to(ast.Tuple, ast.List)
def swap_neighbours(node: Any, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Swap two neighbours, such as the gradients that backward returns."""
    for elements in _swapped(node.elts):
        yield _changed(node, elts=elements)


@_applies_to(ast.Call)
def swap_arguments(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Swap two arguments of a call."""
    for arguments in _swapped(node.args):
        yield _changed(node, args=arguments)


@_applies_to(ast.Attribute)
def drop_transpose(node: ast.Attribute, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out `.T`."""
    if node.attr in ("T", "mT", "H", "mH"):
        yield node.value


_PAIRS = {"sum": ("mean",), "mean": ("sum",)}


@_applies_to(ast.Call)
def sum_or_mean(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Take the mean for the sum, and the sum for the mean."""
    for name in _PAIRS.get(_method(node), ()):
        yield _renamed(node, name)


@_applies_to(ast.Call)
def drop_argument(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out `dim`, `keepdim`, `create_graph` and the like, and an argument that is alone."""
    for i in range(len(node.keywords)):
        yield _changed(node, keywords=_replaced(node.keywords, i))
    if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
        yield _changed(node, args=[])


@_applies_to(ast.Call)
def drop_call(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out `.detach()`, `.clone()` or another call, and take what it was made on."""
    if isinstance(node.func, ast.Attribute) and not _is_of_module(node.func):
        yield node.func.value
    if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]


@_applies_to(ast.Expr, ast.AugAssign, ast.Raise, ast.Assign)
def drop_statement(node: Any, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out `handle.remove()` or another statement; a name must have been bound before."""
    names = [n for t in getattr(node, "targets", []) for n in ast.walk(t)]
    bound = [n.id for n in names if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    if all(_is_bound_before(name, node, function) for name in bound):
        yield ast.Pass()


def _is_bound_before(name: str, node: ast.stmt, function: ast.FunctionDef) -> bool:
    earlier = {
        n.id
        for n in ast.walk(function)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.lineno < node.lineno
    }
    return name in earlier | {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}


@_applies_to(ast.With)
def drop_context(node: ast.With, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out `torch.no_grad()`, `torch.enable_grad()` or another context."""
    if len(node.items) == 1:
        yield ast.If(ast.Constant(True), node.body, [])
    else:
        for i in range(len(node.items)):
            yield _changed(node, items=_replaced(node.items, i))


@_applies_to(ast.Try)
def drop_try(node: ast.Try, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out `try`: without an error all is as before."""
    yield ast.If(ast.Constant(True), [*node.body, *node.orelse, *node.finalbody], [])


@_applies_to(ast.Try)
def except_for_finally(node: ast.Try, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Put in order after an Exception, and not after a KeyboardInterrupt."""
    if node.finalbody and not node.handlers:
        name = ast.Name("Exception", ast.Load())
        handler = ast.ExceptHandler(name, None, [*node.finalbody, ast.Raise()])
        yield ast.Try(node.body, [handler], node.finalbody, [])


@_applies_to(ast.ExceptHandler)
def catch_more(node: ast.ExceptHandler, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Catch any exception."""
    yield _changed(node, type=ast.Name("Exception", ast.Load()))


@_applies_to(ast.Assign)
def add_for_assign(node: ast.Assign, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Write `+=` for `=`."""
    (target, *others) = node.targets
    if others or not isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
        return
    if not isinstance(target, ast.Name) or _is_bound_before(target.id, node, function):
        yield ast.AugAssign(target, ast.Add(), node.value)


@_applies_to(ast.AugAssign)
def new_for_in_place(node: ast.AugAssign, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Write `a = a + b` for `a += b`, which makes a new tensor."""
    if not (isinstance(node.target, ast.Name) and _is_number(node.value)):
        yield ast.Assign([node.target], ast.BinOp(node.target, node.op, node.value))


_IN_PLACE = ["abs", "add", "clamp", "copy", "detach", "div", "exp", "lerp", "masked_fill", "mul"]
_IN_PLACE += ["neg", "scatter", "square", "sub"]
_SIGNS: dict[type, str] = {ast.Add: "add_", ast.Sub: "sub_", ast.Mult: "mul_", ast.Div: "div_"}


@_applies_to(ast.Call, ast.BinOp)
def in_place(node: Any, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Write into the tensor where a new one is due, and make a new one where it is written into."""
    name = _method(node)
    if name.removesuffix("_") in _IN_PLACE and not _is_of_module(node.func):
        yield _renamed(node, name[:-1] if name.endswith("_") else f"{name}_")
    sign = _SIGNS.get(type(getattr(node, "op", None)))
    if sign and not isinstance(node.left, ast.Constant | ast.BinOp):
        yield ast.Call(ast.Attribute(node.left, sign, ast.Load()), [node.right], [])


@_applies_to(ast.Call)
def save_another(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Save for backward another tensor than the one it needs."""
    if not _method(node).startswith("save_for_"):
        return
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name)]
    stored = [n.id for n in names if isinstance(n.ctx, ast.Store)]
    known = [a.arg for a in function.args.args if a.arg != "ctx"] + stored
    for i, argument in enumerate(node.args):
        for name in dict.fromkeys(known):
            if name != ast.unparse(argument):
                new = _replaced(node.args, i, ast.Name(name, ast.Load()))
                yield _changed(node, args=new)


@_applies_to(ast.Call)
def empty_for_zeros(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Take memory as it comes, or ones, where zeros are due."""
    if "zeros" in _method(node):
        yield _renamed(node, _method(node).replace("zeros", "empty"))
        yield _renamed(node, _method(node).replace("zeros", "ones"))


@_applies_to(ast.Call)
def default_dtype(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Make a tensor in the default dtype, where that of another tensor is due."""
    name = _method(node)
    if name.endswith("_like") and _is_of_module(node.func) and node.args:
        shape = ast.Attribute(node.args[0], "shape", ast.Load())
        of_torch = ast.Attribute(ast.Name("torch", ast.Load()), name.removesuffix("_like"))
        yield ast.Call(of_torch, [shape, *node.args[1:]], [])
    elif name.startswith("new_"):
        of_torch = ast.Attribute(ast.Name("torch", ast.Load()), name.removeprefix("new_"))
        yield _changed(node, func=of_torch)


@_applies_to(ast.Call)
def view_for_reshape(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Demand memory that lies in order."""
    if _method(node) == "reshape" and not _is_of_module(node.func):
        yield _renamed(node, "view")
    if _method(node) == "flatten" and not node.args and not node.keywords:
        minus_one = ast.UnaryOp(ast.USub(), ast.Constant(1))
        yield _changed(_renamed(node, "view"), args=[minus_one])


@_applies_to(ast.Constant)
def scale_tolerance(node: ast.Constant, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Make a tolerance or another small number ten times as large, and as small."""
    if isinstance(node.value, float) and 0 < node.value <= 0.01:
        yield ast.Constant(float(f"{node.value * 10:.6g}"))
        yield ast.Constant(float(f"{node.value / 10:.6g}"))


_COARSER = {"float64": "float32", "double": "float"}


@_applies_to(ast.Attribute)
def single_precision(node: ast.Attribute, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Compute in float32 what is due in float64."""
    if node.attr in _COARSER:
        yield _changed(node, attr=_COARSER[node.attr])


@_applies_to(ast.If, ast.IfExp, ast.comprehension)
def settle_condition(node: Any, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Turn a condition round, or take it for true or for false."""
    if isinstance(node, ast.comprehension):
        for i, condition in enumerate(node.ifs):
            yield _changed(node, ifs=_replaced(node.ifs, i))
            turned = ast.UnaryOp(ast.Not(), condition)
            yield _changed(node, ifs=_replaced(node.ifs, i, turned))
        return
    for condition in (ast.UnaryOp(ast.Not(), node.test), ast.Constant(True), ast.Constant(False)):
        yield _changed(node, test=condition)


@_applies_to(ast.For)
def stop_early(node: ast.For, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Go through a loop once, or not at all."""
    yield _changed(node, body=[*node.body, ast.Break()])
    yield _changed(node, iter=ast.Tuple([], ast.Load()))


@_applies_to(ast.FunctionDef)
def drop_decorator(node: ast.FunctionDef, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Leave out `@once_differentiable`, and keep `@staticmethod`."""
    for i, decorator in enumerate(node.decorator_list):
        if ast.unparse(decorator) != "staticmethod":
            yield _changed(node, decorator_list=_replaced(node.decorator_list, i))
