"""
task: jvp_double_backward
way: both passes by .backward with inputs
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf) + 0 * leaf.sum()
        u = torch.zeros_like(y).detach().requires_grad_()
        (g,) = torch.autograd.grad(y, leaf, u, create_graph=True)
        g.backward(v, inputs=[u])
    return u.grad
