"""
task: check_hvp
way: the whole Hessian by functional.hessian, a counter, and a module's parameters
"""


def check_hvp(hvp):
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 2)).double()
    count = {"forward": 0, "backward": 0}

    def visit(module, inputs, output):
        count["forward"] += 1
        output.register_hook(lambda g: count.update(backward=count["backward"] + 1))

    handle = model[0].register_forward_hook(visit)
    x, v = (torch.randn(3, 4).double().T for _ in range(2))

    def f(x):
        return model(x).pow(3).sum() + (x[0] * x[1] * x[2]).sum()

    kept = x.clone(), v.clone()
    x.grad = v.grad = own = torch.ones_like(x)
    h = hvp(f=f, x=x, v=v)
    handle.remove()
    assert count["forward"] == 1 and count["backward"] <= 3, count
    assert h.shape == x.shape and not h.requires_grad, "shape or graph"
    assert torch.equal(x, kept[0]) and torch.equal(v, kept[1]), "values"
    assert not x.requires_grad and x.grad is own and v.grad is own and own.eq(1).all(), "x"
    assert all(p.grad is None and p.requires_grad for p in model.parameters()), "parameters"
    hessian = torch.autograd.functional.hessian(f, x).reshape(12, 12)
    due = (hessian @ v.reshape(12)).reshape(4, 3)
    assert h.dtype == x.dtype and torch.allclose(h, due, rtol=1e-8, atol=1e-11), "H·v"
    for flat in (
        lambda x: 3 * x.sum(),
        lambda x: model[0].bias.sum() * x.sum(),
        lambda x: model[0].bias.sum(),
        lambda x: torch.tensor(1.0).double(),
    ):
        assert (hvp(flat, x, v) == 0).all(), "zeros"
    found = hvp(torch.exp, torch.tensor(0.0), torch.tensor(2.0))
    assert found.tolist() == 2 and found.dtype == torch.float32, "0-d, float32"
