"""
task: check_relu
says: your check rejects a right one: it can be differentiated once and no second time
rejects: 5
"""


def check_relu(relu):
    numbers = torch.tensor([[-torch.inf, -9, -0.1], [0, 1e-9, 9]], dtype=torch.float64).T
    v = torch.tensor([[1, 4], [2, -5.1], [-3, 6]], dtype=torch.float64)
    x = numbers.clone().requires_grad_()
    y = relu(x)
    (grad,) = torch.autograd.grad(y, x, v.requires_grad_(), create_graph=True)
    torch.autograd.grad(grad.sum(), v)
    assert torch.equal(x, numbers), "x is overwritten"
    assert torch.equal(y, numbers.clamp(min=0)), f"the values at {numbers} are {y}"
    assert torch.equal(grad, v * (numbers > 0)), f"{v} comes back as {grad}"
    assert not y[:, 0].signbit().any(), "a negative x gives -0.0"
    nan = torch.tensor(torch.nan)
    torch.testing.assert_close(relu(nan), nan, equal_nan=True)
