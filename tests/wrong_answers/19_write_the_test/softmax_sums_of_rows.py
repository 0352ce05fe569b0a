"""
task: check_softmax
says: · the gradient is 0, as it is of .sum() alone
lets: 1 4 8 10-17
"""


def check_softmax(softmax):
    for dim in 0, 1, 2, -1:
        x = _random(2, 3, 4).requires_grad_()
        y = softmax(x, dim)
        assert torch.allclose(y.sum(dim), torch.ones(()).double()), "rows do not add up to 1"
        (grad,) = torch.autograd.grad(y, x, torch.randn_like(y))
        assert (grad.sum(dim).abs() < 1e-5).all(), "gradients do not add up to 0"
