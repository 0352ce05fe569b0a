"""
task: chunked_cross_entropy
says: writes to what it holds
"""


def chunked_cross_entropy(x, weight, y, chunk):
    class Chunked(Function):
        @staticmethod
        def forward(ctx, x, weight):
            counted = y != -100
            total, ctx.held = x.new_zeros(()), [torch.empty_like(x), torch.zeros_like(weight)]
            for i in range(0, len(x), chunk):
                rows = x[i : i + chunk]
                mask, target = counted[i : i + chunk, None], y[i : i + chunk, None].clamp(min=0)
                log_p = (rows @ weight.T).log_softmax(1)
                total -= torch.where(mask, log_p.gather(1, target), 0).sum()
                slope = log_p.exp_()
                slope.scatter_add_(1, target, -torch.ones_like(target, dtype=x.dtype))
                slope = torch.where(mask, slope / counted.sum(), 0)
                ctx.held[0][i : i + chunk] = slope @ weight
                ctx.held[1] += slope.T @ rows
            return total / counted.sum()

        @staticmethod
        def backward(ctx, g):
            return tuple(held.mul_(g) for held in ctx.held)

    return Chunked.apply(x, weight)
