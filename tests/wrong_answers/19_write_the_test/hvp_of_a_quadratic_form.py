"""
task: check_hvp
says: · a linear f is an error
lets: 5-14 16-18 21-23
"""


def check_hvp(hvp):
    a, x, v = _random(4, 4), _random(4), _random(4)
    found = hvp(lambda x: x @ a @ x, x, v)
    torch.testing.assert_close(found.detach(), (a + a.T) @ v)
