"""
task: check_softmax
says: 0 of 17 faults are caught.
lets: 1-17
"""


def check_softmax(softmax):
    for dim in 0, 1, 2, -1:
        for x in _random(2, 3, 4), 1e4 * _random(4, 2, 3).T, torch.full((1, 1, 1), 3.0):
            y = softmax(x.requires_grad_(), dim)
            y.backward(torch.randn_like(y))
