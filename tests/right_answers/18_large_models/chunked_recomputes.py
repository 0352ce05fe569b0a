"""
task: chunked_cross_entropy
way: a Function that keeps one number a row and recomputes
"""


def chunked_cross_entropy(x, weight, y, chunk):
    class Chunked(Function):
        @staticmethod
        def forward(ctx, x, weight):
            sums, total = x.new_empty(len(x)), x.new_zeros(())
            for i in range(0, len(x), chunk):
                logits = x[i : i + chunk] @ weight.T
                sums[i : i + chunk] = logits.logsumexp(1)
                counted = y[i : i + chunk] != -100
                own = logits.gather(1, y[i : i + chunk, None].clamp(min=0))[:, 0]
                total += (sums[i : i + chunk] - own)[counted].sum()
            ctx.save_for_backward(x, weight, sums)
            return total / (y != -100).sum()

        @staticmethod
        def backward(ctx, g):
            x, weight, sums = ctx.saved_tensors
            for_x, for_weight = torch.zeros_like(x), torch.zeros_like(weight)
            g = g / (y != -100).sum()
            for i in range(0, len(x), chunk):
                part = slice(i, i + chunk)
                p = (x[part] @ weight.T).sub_(sums[part, None]).exp_()
                p[torch.arange(len(p)), y[part].clamp(min=0)] -= 1
                p[y[part] == -100] = 0
                p *= g
                for_x[part] = p @ weight
                for_weight.addmm_(p.T, x[part])
            return for_x, for_weight

    return Chunked.apply(x, weight)
