"""
task: FlashAttention
says: a block of whole rows
"""


class FlashAttention(Function):
    @staticmethod
    def forward(ctx, q, k, v, block, causal):
        output, sums = torch.empty_like(q), q.new_empty(q.shape[:2])
        for i in range(0, q.shape[1], block):
            scores = q[:, i : i + block] @ k.mT / q.shape[-1] ** 0.5
            if causal:
                ahead = torch.ones_like(scores, dtype=torch.bool).triu(1 + i)
                scores = scores.masked_fill(ahead, -torch.inf)
            output[:, i : i + block] = scores.softmax(-1) @ v
            sums[:, i : i + block] = scores.logsumexp(-1)
        ctx.save_for_backward(q, k, v, output, sums)
        ctx.block, ctx.causal = block, causal
        return output

    @staticmethod
    def backward(ctx, g):
        q, k, v, output, sums = ctx.saved_tensors
        scale, block = q.shape[-1] ** -0.5, ctx.block
        for_q, for_k, for_v = torch.zeros_like(q), torch.zeros_like(k), torch.zeros_like(v)
        for i in range(0, q.shape[1], block):
            part = slice(i, i + block)
            p = (q[:, part] @ k.mT * scale - sums[:, part, None]).exp()
            if ctx.causal:
                p = p.tril(i)
            along = (g[:, part] * output[:, part]).sum(-1, keepdim=True)
            slope = p * (g[:, part] @ v.mT - along) * scale
            for_q[:, part] = slope @ k
            for_k += slope.mT @ q[:, part]
            for_v += p.mT @ g[:, part]
        return for_q, for_k, for_v, None, None
