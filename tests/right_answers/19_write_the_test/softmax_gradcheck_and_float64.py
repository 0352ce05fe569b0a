"""
task: check_softmax
way: gradcheck over three axes, assert_close with tight tolerances, extremes by isfinite
"""


def check_softmax(softmax):
    generator = torch.Generator().manual_seed(7)
    x = torch.randn(2, 3, 2, dtype=torch.float64, generator=generator)
    for dim in (-3, -2, -1, 0, 1, 2):
        torch.testing.assert_close(softmax(x, dim), x.softmax(dim), rtol=1e-12, atol=1e-14)
        leaf, v = x.clone().requires_grad_(), torch.randn_like(x)
        (mine,) = torch.autograd.grad(softmax(leaf, dim), leaf, v)
        (its,) = torch.autograd.grad(leaf.softmax(dim), leaf, v)
        torch.testing.assert_close(mine, its, rtol=1e-11, atol=1e-13)
        assert torch.autograd.gradcheck(lambda x: softmax(x, dim), x.clone().requires_grad_())
    wild = torch.tensor([[1e4, 0.0, -1e4], [-1e4, -1e4, -1e4], [0.0, -torch.inf, 1.0]])
    for z in wild, wild.double(), wild.double().T.contiguous().T:
        before = z.clone()
        found = softmax(z, -1)
        assert torch.equal(z, before), "z"
        assert found.isfinite().all(), "NaN or inf"
        leaf = z.clone().requires_grad_()
        (slope,) = torch.autograd.grad(softmax(leaf, -1)[:, 0].sum(), leaf)
        assert slope.isfinite().all(), "NaN or inf in the gradient"
        torch.testing.assert_close(found, z.softmax(-1), rtol=1e-3, atol=1e-5)
