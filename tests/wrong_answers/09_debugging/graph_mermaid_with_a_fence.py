"""
The Markdown fence around the flowchart is part of the text.

task: graph_mermaid
says: the first line is '```mermaid'
"""


def graph_mermaid(y):
    ids, found = {}, [y.grad_fn] if y.grad_fn else []
    lines = ["```mermaid", "flowchart TD"]
    for node in found:
        if node in ids:
            continue
        ids[node] = f"n{len(ids)}"
        found.extend(p for p, _ in node.next_functions if p is not None)
        label = node.name().split("::")[-1].replace('"', "#quot;")
        if hasattr(node, "variable"):
            label += f" {tuple(node.variable.shape)}"
        lines.append(f'{ids[node]}["{label}"]')
    for node in ids:
        lines += [f"{ids[node]} --> {ids[p]}" for p, _ in node.next_functions if p is not None]
    return "\n".join([*lines, "```"])
