"""
task: check_checkpoint
says: your check rejects a right one: it keeps the graph of the first run, and does not use it
lets: 1-17
rejects: 4
"""


def check_checkpoint(checkpoint):
    weight, x, ended = _random(3, 4).requires_grad_(), _random(2, 3).requires_grad_(), []

    class Note:
        def __del__(self):
            ended.append(self)

    class Noted(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.note = Note()
            return x * 1

        @staticmethod
        def backward(ctx, grad_output):
            return grad_output

    result = checkpoint(lambda x: Noted.apply((x @ weight).sin()), x)
    assert ended or "Noted" in result.grad_fn.name(), "the graph of the first run is kept"
