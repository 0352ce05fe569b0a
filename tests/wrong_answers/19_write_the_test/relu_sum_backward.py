"""
task: check_relu
says: · the incoming gradient is left out
lets: 2 5-12
"""


def check_relu(relu):
    x = (torch.rand(20, dtype=torch.float64) * 4 - 2).requires_grad_()
    with torch.no_grad():
        x[0] = -1
    y = relu(x)
    assert torch.allclose(y, x.clamp(min=0)), "the values"
    y.sum().backward()
    assert torch.allclose(x.grad, (x > 0).double()), "the gradient"
