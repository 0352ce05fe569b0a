"""
Arrows alone, so that a viewer shows ids.

task: graph_mermaid
says: has no name
"""


def graph_mermaid(y):
    ids, found, lines = {}, [y.grad_fn] if y.grad_fn else [], ["flowchart TD"]
    for node in found:
        if node in ids:
            continue
        ids[node] = f"n{len(ids)}"
        found.extend(p for p, _ in node.next_functions if p is not None)
    for node in ids:
        lines += [f"{ids[node]} --> {ids[p]}" for p, _ in node.next_functions if p is not None]
    return "\n".join(lines)
