"""
task: check_softmax
says: your check rejects a right one: it can be differentiated once and no second time
rejects: 7
"""


def check_softmax(softmax):
    far_apart = torch.tensor([[1e4, 1e4 - 1, -torch.inf], [-1e4, 1 - 1e4, -1e4]]).double()
    for x, dim in [(_random(2, 4, 3).mT, 0), (_random(2, 3, 4), -1), (far_apart, 1)]:
        before = x.clone()
        x.requires_grad_()
        y = softmax(x, dim)
        assert torch.equal(x, before), "x is overwritten"
        expected, v = torch.softmax(x, dim), torch.randn_like(x)
        torch.testing.assert_close(y, expected, rtol=1e-9, atol=1e-12)
        again = _random(3, 2).requires_grad_()
        torch.autograd.gradgradcheck(lambda x: softmax(x, 0), (again,))
        found, due = (torch.autograd.grad(result, x, v) for result in (y, expected))
        torch.testing.assert_close(found, due, rtol=1e-9, atol=1e-12)
    assert softmax(x.float(), 1).dtype == torch.float32, "a float32 x gives another dtype"
