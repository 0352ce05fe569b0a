"""
task: chunked_cross_entropy
says: the gradients for x and weight
"""


def chunked_cross_entropy(x, weight, y, chunk):
    class Chunked(Function):
        @staticmethod
        def forward(ctx, x, weight):
            counted = y != -100
            for_x, for_weight, total = (
                torch.empty_like(x),
                torch.zeros_like(weight),
                x.new_zeros(()),
            )
            for i in range(0, len(x), chunk):
                rows = x[i : i + chunk]
                mask, target = counted[i : i + chunk, None], y[i : i + chunk, None].clamp(min=0)
                log_p = (rows @ weight.T).log_softmax(1)
                total -= torch.where(mask, log_p.gather(1, target), 0).sum()
                slope = log_p.exp_()
                slope.scatter_add_(1, target, -torch.ones_like(target, dtype=x.dtype))
                slope = slope / counted.sum()
                for_x[i : i + chunk] = slope @ weight
                for_weight += slope.T @ rows
            ctx.save_for_backward(for_x, for_weight)
            return total / counted.sum()

        @staticmethod
        def backward(ctx, g):
            for_x, for_weight = ctx.saved_tensors
            return g * for_x, g * for_weight

    return Chunked.apply(x, weight)
