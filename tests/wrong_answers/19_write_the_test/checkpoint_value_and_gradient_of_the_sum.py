"""
task: check_checkpoint
says: · fn is simply called: all is kept, nothing computed again
lets: 1-6 8-17
"""


def check_checkpoint(checkpoint):
    layer, x = nn.Linear(3, 4).double(), _random(2, 3).requires_grad_()
    y = checkpoint(lambda x: layer(x).sin(), x)
    torch.testing.assert_close(y, layer(x).sin())
    y.sum().backward()
    (due,) = torch.autograd.grad(layer(x).sin().sum(), x)
    torch.testing.assert_close(x.grad, due)
