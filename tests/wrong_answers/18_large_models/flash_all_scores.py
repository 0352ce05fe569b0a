"""
task: FlashAttention
says: all scores would be
"""


class FlashAttention(Function):
    @staticmethod
    def forward(ctx, q, k, v, block, causal):
        scores = q @ k.mT / q.shape[-1] ** 0.5
        if causal:
            scores = scores.masked_fill(
                torch.ones_like(scores, dtype=torch.bool).triu(1), -torch.inf
            )
        p = scores.softmax(-1)
        output = p @ v
        ctx.save_for_backward(q, k, v, output, scores.logsumexp(-1))
        ctx.causal = causal
        return output

    @staticmethod
    def backward(ctx, g):
        q, k, v, output, sums = ctx.saved_tensors
        scale = q.shape[-1] ** -0.5
        p = (q @ k.mT * scale - sums[..., None]).exp()
        if ctx.causal:
            p = p.tril()
        slope = p * (g @ v.mT - (g * output).sum(-1, keepdim=True)) * scale
        return slope @ k, slope.mT @ q, p.mT @ g, None, None
