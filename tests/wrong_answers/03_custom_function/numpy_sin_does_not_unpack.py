"""
task: NumpySin
says: ctx.saved_tensors is a tuple
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.as_tensor(np.sin(x.detach().cpu().numpy()), dtype=x.dtype, device=x.device)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        x = ctx.saved_tensors
        cosine = torch.as_tensor(np.cos(x.cpu().numpy()), dtype=x.dtype, device=x.device)
        return grad_output * cosine
