"""
task: check_hvp
says: 3 of 23 faults are caught.
says: · v is left out: the rows of H are added up
lets: 1-4 7-21 23
"""


def check_hvp(hvp):
    weight = _random(3, 3).requires_grad_()
    for f in lambda x: (x @ weight).sin().sum(), lambda x: x.sum(), lambda x: weight.sum().detach():
        for x in _random(3), _random(2, 3), _random(2, 2, 3), _random(3, 3).T:
            hvp(f, x, torch.randn_like(x))
