"""
task: check_hvp
says: your check rejects a right one: it hands v to the second autograd.grad
says: it says: 2 visits
rejects: 1-3
"""


def check_hvp(hvp):
    weight, x, v = _random(3, 4).requires_grad_(), _random(2, 3), _random(2, 3)
    calls, visits = [], []

    def f(x):
        calls.append(x)
        inside = x @ weight
        inside.register_hook(visits.append)
        return inside.sin().prod()

    found = hvp(f, x, v)
    assert len(calls) == 1, "calls"
    assert len(visits) <= 1, f"{len(visits)} visits"
    assert not found.requires_grad and not x.requires_grad and weight.grad is None, "as before"
    for g in f, lambda x: (x @ weight).sum(), lambda x: weight.sum().detach():
        _, due = torch.autograd.functional.hvp(g, x, v)
        torch.testing.assert_close(hvp(g, x, v), due.detach(), rtol=1e-9, atol=1e-12)
