"""
task: hvp
way: .backward of the product, into the one leaf
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf) + 0 * leaf.square().sum()
        (g,) = torch.autograd.grad(y, [leaf], create_graph=True)
        torch.dot(g.flatten(), v.flatten()).backward(inputs=[leaf])
    return leaf.grad
