"""
Nodes have ids of their own, and arrows find them by name.

task: graph_mermaid
says: arrows join other nodes of these names
"""


def graph_mermaid(y):
    ids, labels, found, arrows = {}, {}, [y.grad_fn] if y.grad_fn else [], []
    for node in found:
        if node in ids:
            continue
        ids[node] = f"n{len(ids)}"
        label = node.name().split("::")[-1].replace('"', "#quot;")
        if hasattr(node, "variable"):
            label += f" {tuple(node.variable.shape)}"
        labels[node] = label
        for producer, _ in node.next_functions:
            if producer is not None:
                found.append(producer)
                arrows.append((node, producer))
    by_label = {label: ids[node] for node, label in labels.items()}
    return "\n".join(
        [
            "flowchart TD",
            *(f'{ids[node]}["{label}"]' for node, label in labels.items()),
            *(f"{by_label[labels[a]]} --> {by_label[labels[b]]}" for a, b in arrows),
        ]
    )
