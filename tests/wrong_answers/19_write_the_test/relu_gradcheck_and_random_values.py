"""
task: check_relu
says: · no gradient goes through where it is negative
lets: 5-8 10-12
"""


def check_relu(relu):
    x = torch.rand(20, dtype=torch.float64) * 4 - 2
    x = torch.where(x.abs() < 0.1, torch.ones_like(x), x)
    x[:2] = torch.tensor([-1, 1])
    y = relu(x.requires_grad_())
    assert torch.allclose(y, x.clamp(min=0)), "the values"
    torch.autograd.gradcheck(relu, (x,))
