"""
task: check_mul_backward
says: · nothing is summed where an operand was broadcast
lets: 4-5 7 10 13-21 23-24
"""


def check_mul_backward(backward):
    from torch.autograd import Function

    class Mul(Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        def backward(ctx, grad_output):
            with torch.enable_grad():
                return backward(grad_output, *ctx.saved_tensors)

    for a, b in [
        ((2, 3), (2, 3)),
        ((2, 1), (2, 3)),
        ((3,), (2, 3)),
        ((1, 3), (2, 3)),
        ((), (2,)),
        ((1, 3), (1, 3)),
    ]:
        for shape_x, shape_y in [(a, b), (b, a)]:
            x, y = _random(*shape_x).requires_grad_(), _random(*shape_y).requires_grad_()
            torch.autograd.gradcheck(Mul.apply, (x, y))
