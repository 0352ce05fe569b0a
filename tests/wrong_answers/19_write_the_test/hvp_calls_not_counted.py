"""
task: check_hvp
says: · f is called twice
lets: 21
"""


def check_hvp(hvp):
    weight, x, v = _random(3, 4).requires_grad_(), _random(3, 2).T, _random(3, 2).T
    visits: list[Tensor] = []

    def f(x: Tensor) -> Tensor:
        inside = x @ weight
        inside.register_hook(visits.append)
        return inside.sin().prod()

    kept = [x.clone(), v.clone()]
    for tensor in (x, v, weight):
        tensor.grad = torch.ones_like(tensor)
    found = hvp(f, x, v)
    assert len(visits) <= 3, f"{len(visits)} passes go backward through f"
    assert not found.requires_grad, "the result has a graph"
    assert all(map(torch.equal, (x, v), kept)), "x or v is overwritten"
    assert not x.requires_grad, "x requires grad"
    for tensor in (x, v, weight):
        torch.testing.assert_close(tensor.grad, torch.ones_like(tensor))
    linear = [lambda x: (x @ weight).sum(), lambda x: x.sum()]
    for g in (f, *linear, lambda x: weight.sum(), lambda x: weight.sum().detach()):
        _, expected = torch.autograd.functional.hvp(g, x, v)
        torch.testing.assert_close(hvp(g, x, v), expected.detach(), rtol=1e-9, atol=1e-12)
    number = _random().float()
    torch.testing.assert_close(hvp(torch.sin, number, number), -number.sin() * number)
