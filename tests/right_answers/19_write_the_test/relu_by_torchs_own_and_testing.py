"""
task: check_relu
way: torch.relu as oracle by assert_close, and the sign by division
"""


def check_relu(relu):
    x = torch.randn(6, 50, dtype=torch.float64).T * 10
    x[:4, 0] = torch.tensor([0.0, -torch.inf, torch.nan, torch.inf])
    v = torch.randn_like(x)
    mine, its = x.clone().requires_grad_(), x.clone().requires_grad_()
    a, b = torch.relu(mine), relu(its)
    torch.testing.assert_close(its, mine, equal_nan=True, rtol=0, atol=0)
    torch.testing.assert_close(b, a, equal_nan=True, rtol=0, atol=0)
    a.backward(v)
    b.backward(v)
    sound = ~x.isnan()
    torch.testing.assert_close(its.grad[sound], mine.grad[sound])
    assert (1 / b[x < 0] > 0).all(), "1 / relu of a negative number is −inf"
