"""
task: check_softmax
says: · it computes in float32, whatever x is
lets: 10
"""


def check_softmax(softmax):
    far_apart = torch.tensor([[1e4, 1e4 - 1, -torch.inf], [-1e4, 1 - 1e4, -1e4]]).double()
    for x, dim in [(_random(2, 3, 4), 0), (_random(2, 3, 4), -1), (far_apart, 1)]:
        x.requires_grad_()
        expected, y = torch.softmax(x, dim), softmax(x, dim)
        v = torch.randn_like(y)
        assert torch.allclose(y, expected), "the values"
        found, due = (torch.autograd.grad(result, x, v)[0] for result in (y, expected))
        assert torch.allclose(found, due, atol=1e-5), "the gradient"
