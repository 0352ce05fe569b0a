"""
task: check_relu
says: 0 of 12 faults are caught.
lets: 1-12
"""


def check_relu(relu):
    for x in _random(3, 4).T, torch.tensor([-torch.inf, torch.nan, 0, 7]), torch.tensor(0.0):
        y = relu(x.requires_grad_())
        y.backward(torch.randn_like(y))
