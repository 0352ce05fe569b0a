"""
task: taylor_coefficients
way: expands t in f(x0 + t) around t = 0
"""


def taylor_coefficients(f, x0, order):
    t = torch.zeros((), dtype=torch.float64, requires_grad=True)
    terms = [f(t + x0)]
    for _ in range(order):
        g = None
        if terms[-1].requires_grad:
            g = torch.autograd.grad(terms[-1], t, create_graph=True, allow_unused=True)[0]
        terms.append(t.detach() * 0 if g is None else g)
    return [d.item() / math.gamma(k + 1) for k, d in enumerate(terms)]
