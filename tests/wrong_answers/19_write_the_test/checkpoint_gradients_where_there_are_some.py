"""
task: check_checkpoint
says: · fn is simply called: all is kept, nothing computed again
lets: 1 3-6 8-17
"""


def check_checkpoint(checkpoint):
    layer = nn.Linear(3, 4).double()
    x, y, v = _random(2, 3).requires_grad_(), _random(2, 4).requires_grad_(), _random(2, 4)

    def fn(x, y):
        return layer(x).sin() * y

    leaves = [x, y, *layer.parameters()]
    due = torch.autograd.grad(fn(x, y), leaves, v)
    result = checkpoint(fn, x, y)
    torch.testing.assert_close(result, fn(x, y))
    result.backward(v)
    for leaf, expected in zip(leaves, due, strict=True):
        if leaf.grad is not None:
            torch.testing.assert_close(leaf.grad, expected)
