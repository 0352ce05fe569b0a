"""
task: check_hvp
says: · v is left out: the rows of H are added up
lets: 1-2 5-18 21-23
"""


def check_hvp(hvp):
    x, v = _random(4), torch.ones(4).double()
    torch.testing.assert_close(hvp(lambda x: x.square().sum(), x, v), 2 * v)
