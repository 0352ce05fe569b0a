"""
task: check_checkpoint
says: · only the first tensor gets a gradient
lets: 4-6 8 10-11 13-17
"""


def check_checkpoint(checkpoint):
    layer, calls = nn.Linear(3, 4).double(), []
    x, v = _random(2, 3).requires_grad_(), _random(2, 4)

    def fn(x):
        calls.append(x)
        return layer(x).sin()

    leaves = [x, *layer.parameters()]
    due = torch.autograd.grad(fn(x), leaves, v)
    calls.clear()
    result = checkpoint(fn, x)
    assert len(calls) == 1, "calls in forward"
    result.backward(v)
    assert len(calls) == 2, "calls in backward"
    for leaf, expected in zip(leaves, due, strict=True):
        torch.testing.assert_close(leaf.grad, expected)
