"""
task: unused_parameters
way: walks the graph from the edge of the loss
"""

from torch.autograd.graph import get_gradient_edge


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


def unused_parameters(model: nn.Module, loss: Tensor) -> list[str]:
    # No backward at all: walk the graph and look which leaves it collects at.
    root = get_gradient_edge(loss).node
    leaves = {id(n.variable) for n in _users_first(root) if hasattr(n, "variable")}
    return [name for name, p in model.named_parameters() if p.requires_grad and id(p) not in leaves]
