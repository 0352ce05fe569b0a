"""
task: check_cube
says: · a float32 x gives float64
lets: 9
"""


def check_cube(cube):
    for x in _random(3, 4).T, _random():
        before, v, w = x.clone(), torch.randn_like(x), torch.randn_like(x)
        y = cube(x.requires_grad_())
        assert torch.equal(x, before), "x is overwritten"
        (grad,) = torch.autograd.grad(y, x, v, create_graph=True)
        (second,) = torch.autograd.grad(grad, x, w)
        torch.testing.assert_close(y, before**3, rtol=1e-9, atol=1e-12)
        torch.testing.assert_close(grad, 3 * before**2 * v, rtol=1e-9, atol=1e-12)
        torch.testing.assert_close(second, 6 * before * v * w, rtol=1e-9, atol=1e-12)
