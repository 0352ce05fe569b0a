"""
task: check_softmax
says: your check rejects a right one:
says: it says: a row of −inf alone is not 0
rejects: 1-8
"""


def check_softmax(softmax):
    far_apart = torch.tensor([[1e4, 1e4 - 1, -torch.inf], [-1e4, 1 - 1e4, -1e4]]).double()
    for x, dim in [(_random(2, 3, 4), 0), (_random(2, 3, 4), -1), (far_apart, 1)]:
        x.requires_grad_()
        expected, y = torch.softmax(x, dim), softmax(x, dim)
        v = torch.randn_like(y)
        torch.testing.assert_close(y, expected, rtol=1e-9, atol=1e-12)
        found, due = (torch.autograd.grad(result, x, v) for result in (y, expected))
        torch.testing.assert_close(found, due, rtol=1e-9, atol=1e-12)
    assert softmax(torch.full((1, 3), -torch.inf), 1).eq(0).all(), "a row of −inf alone is not 0"
