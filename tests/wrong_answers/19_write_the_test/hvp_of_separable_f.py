"""
task: check_hvp
says: · only the diagonal of H counts
lets: 2 5-6 11-18 21-23
"""


def check_hvp(hvp):
    x, v = _random(2, 3), _random(2, 3)
    found = hvp(lambda x: x.pow(4).sum(), x, v)
    assert not found.requires_grad, "a graph"
    assert not x.requires_grad, "x requires grad"
    torch.testing.assert_close(found, 12 * x**2 * v, rtol=1e-9, atol=1e-12)
