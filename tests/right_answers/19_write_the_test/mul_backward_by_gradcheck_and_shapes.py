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
            x, y = ctx.saved_tensors
            before = g.clone()
            a, b = backward(g, x, y)
            assert a.shape == x.shape and b.shape == y.shape, "shapes"
            assert torch.equal(g, before), "grad_output"
            return a, b

    for shapes in [((2, 1), (1, 3)), ((), (2,)), ((3,), (2, 3)), ((2, 3), (3,)), ((1, 2), (1, 2))]:
        x, y = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in shapes)
        torch.autograd.gradcheck(Mul.apply, (x, y))
        v = torch.randn_like(x * y)
        backward(v, x.detach(), y.detach())
        before = v.clone()
        with torch.no_grad():
            backward(v, x.detach(), y.detach())
        assert torch.equal(v, before), "grad_output"
