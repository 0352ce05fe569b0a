"""
task: check_mul_backward
way: shapes asked for, gradcheck around a Function, and arguments that are compared afterwards
"""


def check_mul_backward(backward):
    class Mul(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        def backward(ctx, g):
            x, y = (tensor.detach() for tensor in ctx.saved_tensors)
            before = g.clone()
            with torch.enable_grad():
                a, b = backward(g, x, y)
            assert a.dtype == b.dtype == g.dtype, "dtype"
            assert not x.requires_grad and not y.requires_grad, "requires_grad"
            assert a.shape == x.shape and b.shape == y.shape, "shapes"
            assert torch.equal(g, before), "grad_output"
            return a, b

    for shapes in [
        ((2, 1), (1, 3)),
        ((), (2, 2)),
        ((2, 1), (2, 2, 3)),
        ((2, 3), (3,)),
        ((1, 2), (1, 2)),
    ]:
        x, y = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in shapes)
        torch.autograd.gradcheck(Mul.apply, (x, y))
        v = torch.randn_like(x * y)
        before = v.clone()
        found = backward(v, x.detach(), y.detach())
        assert type(found) is tuple, "type"
        for one, other in zip(
            found,
            torch.autograd.grad(x * y, (x, y), v),
            strict=True,
        ):
            assert (one - other).abs().max() < 1e-12, "values"
        assert torch.equal(v, before), "grad_output"
    three = torch.randn(3, 2, 4).mT
    assert all(g.dtype == torch.float32 for g in backward(*three[:, None])), "float32"
