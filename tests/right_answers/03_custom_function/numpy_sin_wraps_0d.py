"""
task: NumpySin
way: from_numpy with np.asarray around it; the cosine saved in forward
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx, x):
        values = x.detach().cpu().numpy()
        ctx.save_for_backward(torch.from_numpy(np.asarray(np.cos(values))).to(x.device))
        # Watched, so that a change of x before backward is an error here too.
        return torch.from_numpy(np.asarray(np.sin(values))).to(x.device)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        (cosine,) = ctx.saved_tensors
        return cosine * grad_output
