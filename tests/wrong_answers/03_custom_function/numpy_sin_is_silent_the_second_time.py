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
        cosine = np.cos(x.detach().cpu().numpy())
        return grad_output * torch.as_tensor(cosine, dtype=x.dtype, device=x.device)
