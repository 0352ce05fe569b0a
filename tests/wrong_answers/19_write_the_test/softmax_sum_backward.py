"""
task: check_softmax
says: · the gradient is 0, as it is of .sum() alone
lets: 1-2 7-17
"""


def check_softmax(softmax):
    x = _random(4, 3).requires_grad_()
    y = softmax(x, -1)
    assert torch.allclose(y, torch.softmax(x, -1)), "the values"
    y.sum().backward()
    assert torch.allclose(x.grad, torch.zeros(4, 3).double(), atol=1e-6), "the gradient"
