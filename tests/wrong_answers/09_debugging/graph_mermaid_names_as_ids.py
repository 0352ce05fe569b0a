"""
Names serve as ids, so that nodes of one name become one.

task: graph_mermaid
says: 1 node has the name 'ExpBackward0'
"""


def graph_mermaid(y):
    import re

    lines, seen, stack = {}, set(), [y.grad_fn] if y.grad_fn else []

    def identity(node):
        name = re.sub(r"\W", "", node.name().split("::")[-1])
        if hasattr(node, "variable"):
            name += "_".join(["", *map(str, node.variable.shape)])
        return name

    arrows = []
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        label = node.name().split("::")[-1].replace('"', "#quot;")
        if hasattr(node, "variable"):
            label += f" {tuple(node.variable.shape)}"
        lines[f'{identity(node)}["{label}"]'] = None
        for producer, _ in node.next_functions:
            if producer is not None:
                arrows.append(f"{identity(node)} --> {identity(producer)}")
                stack.append(producer)
    return "\n".join(["flowchart TD", *lines, *arrows])
