"""
task: check_checkpoint
says: 0 of 17 faults are caught.
says: · fn is simply called: all is kept, nothing computed again
says: … and 14 more
lets: 1-17
"""


def check_checkpoint(checkpoint):
    layer, x = nn.Linear(3, 4).double(), _random(2, 3)
    torch.testing.assert_close(checkpoint(layer, x), layer(x))
