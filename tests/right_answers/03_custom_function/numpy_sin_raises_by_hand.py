"""
task: NumpySin
way: raises when backward itself is recorded, in place of the decorator
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.tensor(np.sin(x.detach().cpu().numpy()), dtype=x.dtype, device=x.device)

    @staticmethod
    def backward(ctx, grad_output):
        if torch.is_grad_enabled():
            raise RuntimeError("NumpySin can be differentiated once only")
        (x,) = ctx.saved_tensors
        return grad_output * torch.tensor(np.cos(x.cpu().numpy()), dtype=x.dtype, device=x.device)
