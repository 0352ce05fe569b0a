"""
task: check_softmax
says: · one maximum is subtracted from all rows: NaN where a row lies far below another
lets: 11
"""


def check_softmax(softmax):
    far = torch.tensor([[1e4, 1e4 - 1, -torch.inf], [9999, 1e4, 1e4 - 3]]).double()
    for x, dim in [(_random(2, 3, 4), 0), (_random(2, 3, 4), -1), (far, 1)]:
        x.requires_grad_()
        expected, y = torch.softmax(x, dim), softmax(x, dim)
        v = torch.randn_like(y)
        torch.testing.assert_close(y, expected, rtol=1e-9, atol=1e-12)
        found, due = (torch.autograd.grad(result, x, v) for result in (y, expected))
        torch.testing.assert_close(found, due, rtol=1e-9, atol=1e-12)
