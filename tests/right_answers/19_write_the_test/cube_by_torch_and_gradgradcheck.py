"""
task: check_cube
way: gradcheck and gradgradcheck, torch.pow as oracle, and one random cotangent
"""


def check_cube(cube):
    torch.manual_seed(0)
    for shape in (3, 2), (2,), ():
        x = torch.randn(shape, dtype=torch.float64, requires_grad=True)
        assert cube(x).shape == shape, "the shape"
        torch.autograd.gradcheck(cube, (x,))
        torch.autograd.gradgradcheck(cube, (x,))
    for dtype in torch.float32, torch.float64:
        x = torch.randn(3, 5, dtype=dtype).T
        kept = x.clone()
        result = cube(x)
        assert torch.equal(kept, x), "it writes into x"
        torch.testing.assert_close(result, kept.pow(3))
        tight = {"rtol": 1e-10, "atol": 1e-12} if dtype == torch.float64 else {}
        assert torch.allclose(result, kept.pow(3), **tight), "the value"
        leaf = x.clone().requires_grad_()
        v = torch.randn_like(leaf)
        cube(leaf).backward(v)
        assert torch.allclose(leaf.grad, 3 * kept**2 * v), "the gradient"
