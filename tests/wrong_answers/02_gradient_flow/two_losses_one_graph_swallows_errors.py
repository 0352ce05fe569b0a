"""
task: two_losses_one_graph
says: RuntimeError is due when l2 raises it in backward
"""


def two_losses_one_graph(f, l1, l2, x):
    x = x.detach().requires_grad_()
    y = f(x)

    def g(l, keep):
        try:
            return torch.autograd.grad(l(y), x, retain_graph=keep)[0]
        except RuntimeError:
            return torch.zeros_like(x)

    return g(l1, True), g(l2, False)
