"""
task: graph_mermaid
way: arrows before names, from the last node to the first
"""


def _producers(node: Node) -> list[Node]:
    return [producer for producer, _ in node.next_functions if producer is not None]


def _users_first(root: Node | None) -> list[Node]:
    """Depth first with a stack of iterators; a node is done when all behind it are done."""
    if root is None:
        return []
    done: list[Node] = []
    seen = {root}
    stack = [(root, iter(_producers(root)))]
    while stack:
        node, rest = stack[-1]
        for producer in rest:
            if producer not in seen:
                seen.add(producer)
                stack.append((producer, iter(_producers(producer))))
                break
        else:
            done.append(node)
            stack.pop()
    done.reverse()
    return done


def graph_mermaid(y: Tensor) -> str:
    nodes = _users_first(y.grad_fn)
    ids = {node: f"node_{i}" for i, node in enumerate(nodes, 1)}
    text = "flowchart TD\n"
    for user in reversed(nodes):
        for producer in _producers(user):
            text += f"{ids[user]} --> {ids[producer]}\n"
    for node in nodes:
        name = node.name().replace('"', "#quot;")
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            name = f"{name} ({', '.join(str(n) for n in leaf.shape)}{',' * (leaf.ndim == 1)})"
        text += f'{ids[node]}["{name}"]\n'
    return text.rstrip("\n")
