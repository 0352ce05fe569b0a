"""
task: check_relu
says: … and
lets: 6-12
sometimes: 1-5
"""


def check_relu(relu):
    x = torch.rand(3, dtype=torch.float64) * 4 - 2
    kept, v = x.clone(), torch.randn(3, dtype=torch.float64)
    y = relu(x.requires_grad_())
    assert torch.allclose(y, kept.clamp(min=0)), "the values"
    (grad,) = torch.autograd.grad(y, x, v)
    assert torch.allclose(grad, v * (kept > 0)), "the gradient"
