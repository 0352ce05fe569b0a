"""
task: slope
way: listens with a hook on the leaf while backward runs, and reads no .grad.
"""


def slope(f: Callable[[Tensor], Tensor], x: float) -> float:
    heard: list[float] = []
    leaf = torch.full((), x, dtype=torch.float64).requires_grad_()
    leaf.register_hook(lambda g: heard.append(g.item()))
    with torch.enable_grad():
        f(leaf).backward(inputs=[leaf])
    return heard[-1]
