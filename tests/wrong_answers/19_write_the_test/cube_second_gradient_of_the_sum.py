"""
task: check_cube
says: · the second backward loses the sign of its incoming gradient
lets: 14
"""


def check_cube(cube):
    for x in (_random(3, 4).T, _random(), torch.zeros(2).double()):
        before, v = x.clone(), torch.randn_like(x).requires_grad_()
        x.requires_grad_()
        y = cube(x)
        assert torch.equal(x, before), "x is overwritten"
        (grad,) = torch.autograd.grad(y, x, v, create_graph=True)
        second = torch.autograd.grad(grad.sum(), (x, v))
        expected = (before**3, 3 * before**2 * v, 6 * before * v, 3 * before**2)
        torch.testing.assert_close((y, grad, *second), expected, rtol=1e-9, atol=1e-12)
    assert cube(_random(3).float()).dtype == torch.float32, "a float32 x gives another dtype"
