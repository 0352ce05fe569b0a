"""
task: chunked_cross_entropy
says: both x and weight
"""


def chunked_cross_entropy(x: Tensor, weight: Tensor, y: Tensor, chunk: int) -> Tensor:
    """One Function that keeps one number per row, and computes the logits again in backward."""

    class Again(Function):
        @staticmethod
        def forward(ctx, x, weight):
            lse = torch.cat([torch.logsumexp(r @ weight.mT, 1) for r in x.split(chunk)])
            ctx.save_for_backward(x, weight, lse, y)
            ok = y != -100
            right = torch.stack(
                [(x[i] * weight[c]).sum() for i, c in enumerate(y.tolist()) if c != -100]
            )
            return (lse[ok] - right).mean()

        @staticmethod
        @once_differentiable
        def backward(ctx, g):
            x, weight, lse, y = ctx.saved_tensors
            per = g / (y != -100).sum()
            gx = torch.empty_like(x)
            gw = torch.zeros_like(weight)
            for at in range(0, len(x), chunk):
                s = slice(at, at + chunk)
                p = (x[s] @ weight.mT).sub_(lse[s, None]).exp_()
                ok = y[s] != -100
                p[torch.arange(len(p), device=p.device), y[s].clamp(min=0)] -= 1
                p *= ok[:, None] * per
                gx[s] = p @ weight
                gw += p.mT @ x[s]
            return gx, (None if x is weight else gw)

    return Again.apply(x, weight)
