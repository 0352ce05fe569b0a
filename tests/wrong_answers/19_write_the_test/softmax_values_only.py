"""
task: check_softmax
says: · the gradient is 0, as it is of .sum() alone
lets: 1 3-7 10 12-14 16-17
"""


def check_softmax(softmax):
    for dim in 0, 1, 2, -1:
        for x in (
            _random(2, 3, 4),
            1000 * _random(2, 3, 4),
            5e3 * torch.tensor([[[2.0, 2.0]], [[-2.0, -2.0]]]),
        ):
            assert torch.allclose(softmax(x, dim), torch.softmax(x, dim), rtol=1e-3), "the values"
