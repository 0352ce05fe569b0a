"""
task: check_checkpoint
says: 1 of 17 faults are caught.
says: · fn is simply called: all is kept, nothing computed again
lets: 1-4 6-17
"""


def check_checkpoint(checkpoint):
    layer = nn.Linear(3, 4).double()
    for tracked in True, False:
        x, y = _random(2, 3).requires_grad_(tracked), _random(2, 4).requires_grad_(tracked)
        result = checkpoint(lambda x, n, y: (layer(x).sin() * y).pow(n), 2 * x, 3, y)
        result.backward(torch.randn_like(result))
