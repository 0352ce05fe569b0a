"""
task: vector_backward
way: ends the graph in an autograd.Function of its own, whose value is 0 and whose backward is v.
"""


def vector_backward(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    class Seed(torch.autograd.Function):
        @staticmethod
        def forward(ctx, result):
            if result.shape != v.shape:
                raise ValueError(
                    f"weights of shape {tuple(v.shape)} for a result of shape {tuple(result.shape)}"
                )
            return result.new_zeros(())

        @staticmethod
        def backward(ctx, _):
            return v.detach().clone()

    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        end = Seed.apply(f(leaf))
    return torch.autograd.grad(end, leaf)[0].detach()
