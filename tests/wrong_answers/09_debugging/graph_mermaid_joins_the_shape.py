"""
Writes the shape of a vector without its comma.

task: graph_mermaid
says: no nodes have the name 'AccumulateGrad (3,)'
"""

import torch
from torch import Tensor


def graph_mermaid(y: Tensor) -> str:
    lines = ["flowchart TD"]
    ids = {}

    def visit(node):
        if node in ids:
            return
        ids[node] = f"n{len(ids)}"
        name = node.name().split("::")[-1].replace('"', "#quot;")
        if hasattr(node, "variable"):
            name += " (" + ", ".join(map(str, node.variable.shape)) + ")"
        lines.append(f'    {ids[node]}["{name}"]')
        for producer, _ in node.next_functions:
            if producer is not None:
                visit(producer)
                lines.append(f"    {ids[node]} --> {ids[producer]}")

    if y.grad_fn is not None:
        visit(y.grad_fn)
    return "\n".join(lines)
