"""
task: check_hvp
says: · a linear f is an error
lets: 5-7 9-14 16-18 20-23
"""


def check_hvp(hvp):
    a, x, v = _random(4, 4), _random(4), _random(4)

    def f(x):
        return (a @ x).sin().prod() + x.pow(4).sum()

    _, due = torch.autograd.functional.hvp(f, x, v)
    torch.testing.assert_close(hvp(f, x, v).detach(), due)
