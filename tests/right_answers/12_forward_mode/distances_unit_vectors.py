"""
task: Distances
way: the distance worked out anew from x and y, and unit vectors in both rules
"""


class Distances(Function):
    @staticmethod
    def forward(x, y):
        return (x[:, None] - y[None]).square().sum(-1).sqrt()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        apart = x[:, None] - y[None]
        pull = grad_output[..., None] * apart / apart.norm(dim=-1, keepdim=True)
        return pull.sum(1), -pull.sum(0)

    @staticmethod
    def jvp(ctx, x_tangent, y_tangent):
        x, y = ctx.saved_tensors
        apart = x[:, None] - y[None]
        unit = apart / apart.norm(dim=-1, keepdim=True)
        return torch.einsum("ijk,ik->ij", unit, x_tangent) - torch.einsum(
            "ijk,jk->ij", unit, y_tangent
        )
