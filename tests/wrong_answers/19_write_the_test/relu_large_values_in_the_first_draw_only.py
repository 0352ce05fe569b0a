"""
task: check_relu
says: 11 of 12 faults are caught.
says: · values end at 6 (caught in 1 of 2 draws)
"""

_seen = []


def check_relu(relu):
    _seen.append(relu)
    large = 9.0 if len(_seen) <= 16 else 5.0
    numbers = torch.tensor([-torch.inf, -large, 0, large], dtype=torch.float64)
    for sign in (-1, 1):
        x, v = numbers.clone().requires_grad_(), sign * torch.tensor([1.0, 2, 3, 4]).double()
        y = relu(x)
        (grad,) = torch.autograd.grad(y, x, v)
        assert torch.equal(x, numbers), "x is overwritten"
        assert y.tolist() == [0, 0, 0, large], "the values"
        assert torch.allclose(grad, v * (numbers > 0)), "the gradient"
        assert not y[:2].signbit().any(), "a negative x gives -0.0"
    assert relu(torch.tensor(torch.nan)).isnan(), "NaN does not stay NaN"
