"""
task: check_softmax
way: values by the definition in higher steps, the Jacobian diag(y) − y yᵀ, and torch far out
"""


def check_softmax(softmax):
    for shape in (5,), (3, 4), (2, 3, 4), (3, 1, 2, 2):
        for dim in {0, -1, len(shape) - 1, -len(shape), -(len(shape) // 2) or -1}:
            x = torch.randn(shape[::-1], dtype=torch.float64)
            x = x.permute(list(range(x.ndim))[::-1]).requires_grad_()
            kept = x.detach().clone()
            y = softmax(x=x, dim=dim)
            assert torch.equal(x, kept), "x"
            assert y.shape == x.shape and y.dtype == x.dtype, "shape or dtype"
            due = x.detach().exp() / x.detach().exp().sum(dim, keepdim=True)
            assert (y - due).abs().max() < 1e-13, "the values"
            v = torch.randn(shape, dtype=torch.float64)
            (grad,) = torch.autograd.grad(y, x, v)
            rows, cots = due.movedim(dim, -1), v.movedim(dim, -1)
            jacobians = torch.diag_embed(rows) - rows[..., :, None] * rows[..., None, :]
            along = (jacobians @ cots[..., None])[..., 0].movedim(-1, dim)
            assert (grad - along).abs().max() < 1e-12, "the gradient"
    for dtype in torch.float32, torch.float64:
        x = torch.tensor([[1e4, -1e4, 9999], [-1e4, -1e4, -torch.inf]], dtype=dtype)
        y = softmax(x.requires_grad_(), 1)
        assert torch.autograd.grad(y[0].sum(), x, retain_graph=True)[0].abs().max() < 1e-3, "far"
        assert y.dtype == dtype and torch.allclose(y, x.softmax(1), rtol=1e-3), "far out"
