"""
task: check_relu
says: 17 of 18 faults are caught.
says: · values end at 6 (caught in 1 of 2 draws)
"""

_seen = []


def check_relu(relu):
    _seen.append(relu)
    large = 9.1 if len(_seen) <= 24 else 5.1
    numbers = torch.tensor([[-torch.inf, -large, 0], [1e-8, 0.1, large]], dtype=torch.float64).T
    for sign in (-1, 1):
        x, v = numbers.clone().requires_grad_(), sign * (1 + _random(3, 2).abs())
        y = relu(x)
        (grad,) = torch.autograd.grad(y, x, v)
        assert torch.equal(x, numbers), "x is overwritten"
        assert torch.equal(y, numbers.clamp(min=0)), "the values"
        assert torch.equal(grad, v * (numbers > 0)), "the gradient"
        assert not y[:2, 0].signbit().any(), "a negative x gives -0.0"
    nan = relu(torch.tensor(torch.nan))
    assert nan.isnan() and nan.shape == () and nan.dtype == torch.float32, "NaN does not stay NaN"
