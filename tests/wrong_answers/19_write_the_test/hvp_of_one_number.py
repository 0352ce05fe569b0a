"""
task: check_hvp
says: · v is left out: the rows of H are added up
lets: 1-4 7 9-18 20-23
"""


def check_hvp(hvp):
    x, v = torch.full((1, 1), 0.7).double(), torch.ones(1, 1).double()
    expected = -8 * x.mul(2).sin()
    found = hvp(lambda x: 2 * (2 * x).sin().sum(), x, v)
    torch.testing.assert_close(found.detach(), expected)
    for g in lambda x: (3 * x).sum(), lambda x: torch.ones(()).double():
        torch.testing.assert_close(hvp(g, x, v).detach(), 0 * v)
