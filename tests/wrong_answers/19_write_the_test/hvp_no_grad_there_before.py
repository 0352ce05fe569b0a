"""
task: check_hvp
says: · the .grad of x and v is cleared
lets: 17 22-23
"""


def check_hvp(hvp):
    weight, x, v = _random(3, 4).requires_grad_(), _random(2, 3), _random(2, 3)
    calls = []
    visits = []

    def f(x):
        calls.append(x)
        inside = x @ weight
        inside.register_hook(visits.append)
        return inside.sin().prod()

    kept = [x.clone(), v.clone()]
    found = hvp(f, x, v)
    assert len(calls) == 1, f"f is called {len(calls)} times"
    assert len(visits) <= 3, f"{len(visits)} passes go backward through f"
    assert not found.requires_grad, "the result has a graph"
    assert all(map(torch.equal, (x, v), kept)), "x or v is overwritten"
    assert not x.requires_grad, "x requires grad"
    for tensor in (x, v, weight):
        assert tensor.grad is None, "a .grad"
    linear = [lambda x: (x @ weight).sum(), lambda x: x.sum()]
    for g in (f, *linear, lambda x: weight.sum(), lambda x: weight.sum().detach()):
        _, expected = torch.autograd.functional.hvp(g, x, v)
        torch.testing.assert_close(hvp(g, x, v), expected.detach(), rtol=1e-9, atol=1e-12)
    number = _random()
    torch.testing.assert_close(hvp(torch.sin, number, number), -number.sin() * number)
