"""The general operators, those of mutmut, on the bodies of a task."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m
from mutmut.mutation.mutators import mutation_operators, operator_if_exp

# The words of an error are not mutated, and nothing that has no effect.
_SPARED = (cst.Annotation, cst.Parameters, cst.Decorator, cst.Raise)
# Ours does more.
_OPERATORS = [pair for pair in mutation_operators if pair[1] is not operator_if_exp]


def general_mutations(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name of an operator and the text that it makes of a task, for each place."""
    module = cst.parse_module(text)
    for node in _written(module):
        for kind, operator in _OPERATORS:
            if isinstance(node, kind):
                name = operator.__name__.removeprefix("operator_")
                for new in operator(node):
                    mutated = module.deep_replace(node, new)
                    if isinstance(mutated, cst.Module) and not _is_named_none(node, new):
                        yield name, mutated.code


def _written(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield each node in the bodies of functions."""
    for child in node.children:
        if isinstance(child, cst.FunctionDef):
            body = list(child.body.body)
            for statement in body[_has_docstring(child) :]:
                yield from _whole(statement)
        else:
            yield from _written(child)


def _whole(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        if not isinstance(child, _SPARED):
            yield from _whole(child)


def _has_docstring(function: cst.FunctionDef) -> bool:
    return function.get_docstring() is not None


def _is_named_none(node: cst.CSTNode, new: cst.CSTNode) -> bool:
    """Tell whether `name=None` takes the place of an argument, which mostly is to leave it out."""
    if not isinstance(node, cst.Call) or not isinstance(new, cst.Call):
        return False
    pairs = zip(node.args, new.args, strict=False)
    changed = [b for a, b in pairs if a is not b and len(node.args) == len(new.args)]
    return any(arg.keyword and m.matches(arg.value, m.Name("None")) for arg in changed)
