"""
task: check_hvp
way: hessian of torch.func contracted by tensordot, cubic and linear f with closed forms
"""


def check_hvp(hvp):
    x, v = torch.randn(2, 2, 2, dtype=torch.float64).mT
    w = torch.randn(2, 2, dtype=torch.float64, requires_grad=True)
    w.grad = torch.full_like(w, 7)
    x.grad, v.grad, kept = torch.full_like(x, 3), torch.full_like(v, 3), v.clone()
    seen = []

    def f(x):
        y = x * w
        if y.requires_grad:
            y.register_hook(lambda g: seen.append(1))
        seen.append(0)
        return (y @ x.exp() @ y).sum()

    due = torch.tensordot(torch.func.hessian(lambda x: (x * w @ x.exp() @ (x * w)).sum())(x), v, 2)
    found = hvp(f, x, v)
    assert seen.count(0) == 1, "calls"
    assert seen.count(1) <= 3, "visits"
    assert x.grad.tolist() == v.grad.tolist() == [[3, 3], [3, 3]], "x.grad"
    assert torch.equal(v, kept), "v"
    assert found.grad_fn is None and not found.requires_grad and not x.requires_grad, "graph"
    assert torch.allclose(found, due.detach(), rtol=1e-9, atol=1e-10), "H·v"
    assert (w.grad == 7).all(), "w.grad"
    assert not hvp(lambda x: (x * w).sum(), x, v).any(), "linear, with w"
    assert not hvp(lambda x: x.mean(), x, v).any(), "linear"
    for a, b in (x[0, 0], v[0, 0]), (x[0, 0].float(), v[0, 0].float()):
        found = hvp(lambda x: x**2, a, b)
        assert found.dtype == a.dtype and found.equal(2 * b), "0-d"
    assert not hvp(lambda x: w.detach().sum(), x, v).any(), "without x"
    assert not hvp(lambda x: w.sin().sum(), x, v).any(), "without x, with w"
