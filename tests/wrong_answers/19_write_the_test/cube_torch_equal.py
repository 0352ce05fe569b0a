"""
task: check_cube
says: your check rejects a right one: it rounds another way, for it computes x / 3 · 3x²
says: it says: the value is not x³
rejects: 2
"""


def check_cube(cube):
    for x in _random(4, 50).T, _random(200).float(), _random():
        before, v, w = x.clone(), torch.randn_like(x), torch.randn_like(x)
        y = cube(x.requires_grad_())
        assert torch.equal(y, before**3), "the value is not x³"
        assert y.dtype == before.dtype, "the dtype is another"
        assert torch.equal(x, before), "x is overwritten"
        (grad,) = torch.autograd.grad(y, x, v, create_graph=True)
        torch.testing.assert_close(grad, 3 * before**2 * v)
        (second,) = torch.autograd.grad(grad, x, w)
        torch.testing.assert_close(second, 6 * before * v * w)
