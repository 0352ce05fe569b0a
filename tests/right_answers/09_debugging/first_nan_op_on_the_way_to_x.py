"""
task: first_nan_op
way: hooks on the nodes that lead to the copy of x
"""

from functools import partial
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


def first_nan_op(f: Callable[[Tensor], Tensor], x: Tensor) -> str | None:
    # Hooks on the nodes, and no anomaly mode: each looks at what its node hands on towards x.
    with torch.autograd.set_detect_anomaly(False):
        leaf = x.detach().clone().requires_grad_()
        value = f(leaf)
        if value.grad_fn is None:
            return None
        nodes = _users_first(value.grad_fn)
        on_path = {get_gradient_edge(leaf).node}
        for node in reversed(nodes):
            if any(producer in on_path for producer in _producers(node)):
                on_path.add(node)
        found: list[str] = []

        def look(node: Node, results: tuple[Tensor | None, ...], _: Any) -> None:
            for (producer, _number), result in zip(node.next_functions, results):
                if producer in on_path and result is not None and bool(result.isnan().any()):
                    found.append(node.name())
                    return

        handles = []
        try:
            for node in nodes:
                if node in on_path and not hasattr(node, "variable"):
                    handles.append(node.register_hook(partial(look, node)))
            torch.autograd.grad(value, leaf, allow_unused=True)
        except RuntimeError:
            if not found:
                raise
        finally:
            for handle in handles:
                handle.remove()
    return found[0] if found else None
