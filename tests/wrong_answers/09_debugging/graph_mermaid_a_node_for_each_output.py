"""
Draws a node once for each of its outputs.

task: graph_mermaid
says: 2 nodes have the name 'UnbindBackward0'
"""


def graph_mermaid(y):
    ids, names, arrows = {}, [], []
    stack = [(y.grad_fn, 0)] if y.grad_fn is not None else []
    while stack:
        pair = stack.pop()
        if pair in ids:
            continue
        node = pair[0]
        ids[pair] = f"n{len(ids)}"
        name = node.name().rpartition("::")[2].replace('"', "#quot;")
        if name == "AccumulateGrad":
            name += f" {tuple(node.variable.shape)}"
        names.append(f'{ids[pair]}["{name}"]')
        for p in node.next_functions:
            if p[0] is not None:
                arrows.append((pair, p))
                stack.append(p)
    return "\n".join(["flowchart TD", *names, *(f"{ids[a]} --> {ids[b]}" for a, b in arrows)])
