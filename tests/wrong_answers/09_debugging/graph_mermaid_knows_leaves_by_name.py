"""
Takes a node for a leaf's because "AccumulateGrad" is in its name.

task: graph_mermaid
says: which is not that of a leaf
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
        if "AccumulateGrad" in name:
            name += f" {tuple(node.variable.shape)}"
        lines.append(f'    {ids[node]}["{name}"]')
        for producer, _ in node.next_functions:
            if producer is not None:
                visit(producer)
                lines.append(f"    {ids[node]} --> {ids[producer]}")

    if y.grad_fn is not None:
        visit(y.grad_fn)
    return "\n".join(lines)
