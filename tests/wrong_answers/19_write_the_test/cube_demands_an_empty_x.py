"""
task: check_cube
says: your check rejects a right one: it refuses an empty x
rejects: 6
"""


def check_cube(cube):
    for x in (_random(3, 4).T, _random(), torch.zeros(2).double(), _random(0)):
        before, v, w = x.clone(), torch.randn_like(x).requires_grad_(), torch.randn_like(x)
        x.requires_grad_()
        y = cube(x)
        assert torch.equal(x, before), "x is overwritten"
        (grad,) = torch.autograd.grad(y, x, v, create_graph=True)
        second = torch.autograd.grad(grad, (x, v), w)
        expected = (before**3, 3 * before**2 * v, 6 * before * v * w, 3 * before**2 * w)
        torch.testing.assert_close((y, grad, *second), expected, rtol=1e-9, atol=1e-12)
    assert cube(_random(3).float()).dtype == torch.float32, "a float32 x gives another dtype"
