"""
task: vjp
way: backward into the one leaf, and a list for the pair
"""


def vjp(f, x, v):
    leaf = x.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        y = f(leaf)
        if y.requires_grad:
            y.backward(v, inputs=[leaf])
    grad = leaf.grad if leaf.grad is not None else torch.zeros_like(leaf, requires_grad=False)
    return [y.detach(), grad]
