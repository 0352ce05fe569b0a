"""
task: check_softmax
says: · it takes the last axis, whatever dim says
lets: 2 7-9 11-12 14-17
"""


def check_softmax(softmax):
    x = _random(2, 3).requires_grad_()
    assert torch.allclose(softmax(x, -1), torch.softmax(x, -1)), "the values"
    torch.autograd.gradcheck(lambda x: softmax(x, -1), (x,))
