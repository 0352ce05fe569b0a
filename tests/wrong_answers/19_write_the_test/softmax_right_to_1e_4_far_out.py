"""
task: check_softmax
says: your check rejects a right one: it is exp(x − logsumexp), in float32 right to 1e-3 at 1e4
rejects: 6
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
        found, due = (torch.autograd.grad(result, x, v) for result in (y, expected))
        torch.testing.assert_close(found, due, rtol=1e-9, atol=1e-12)
    far = torch.tensor([[1e4, 1e4 - 1], [-1e4, 0.5 - 1e4]])
    torch.testing.assert_close(softmax(far, 1), far.softmax(1), rtol=1e-4, atol=0)
