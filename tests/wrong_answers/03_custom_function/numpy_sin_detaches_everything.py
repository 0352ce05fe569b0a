"""
task: NumpySin
says: mark backward with once_differentiable
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.as_tensor(np.sin(x.detach().cpu().numpy()), dtype=x.dtype, device=x.device)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        product = grad_output.detach().cpu().numpy() * np.cos(x.detach().cpu().numpy())
        return torch.as_tensor(product, dtype=x.dtype, device=x.device)
