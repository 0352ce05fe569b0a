"""
Computes the cosine in forward, and keeps the tensor as an attribute of ctx.

task: NumpySin
says: forward: ctx.cosine holds a tensor: keep it with ctx.save_for_backward
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx, x):
        array = x.detach().cpu().numpy()
        ctx.cosine = torch.as_tensor(np.cos(array), dtype=x.dtype, device=x.device)
        return torch.as_tensor(np.sin(array), dtype=x.dtype, device=x.device)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        return grad_output * ctx.cosine
