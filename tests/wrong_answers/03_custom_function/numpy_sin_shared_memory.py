"""
NumPy writes with out= into the memory that it shares with x: x becomes its own sine.

task: NumpySin
says: the value of an input at
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        a = x.numpy()
        ctx.cosine = np.asarray(np.cos(a))
        return torch.from_numpy(np.sin(a, out=a))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        return grad_output * torch.from_numpy(ctx.cosine)
