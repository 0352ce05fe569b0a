"""
task: NumpySin
way: NumPy writes into an array that was made for it
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        array = x.detach().cpu().numpy()
        out = np.empty(array.shape, dtype=array.dtype)
        np.sin(array, out=out)
        return torch.from_numpy(out).to(x.device)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        array = x.detach().cpu().numpy()
        out = np.empty(array.shape, dtype=array.dtype)
        np.cos(array, out=out)
        return torch.from_numpy(out).to(x.device) * grad_output
