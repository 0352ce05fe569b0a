"""
task: FlashAttention
says: query i does not see key i
"""


class FlashAttention(Function):
    """Tile by tile."""

    @staticmethod
    def forward(ctx, q, k, v, block, causal):
        output, sums = torch.empty_like(q), q.new_empty(q.shape[:2])
        for i in range(0, q.shape[1], block):
            q_i = q[:, i : i + block] / q.shape[2] ** 0.5
            most = q_i.new_full((*q_i.shape[:2], 1), -torch.inf)
            mass, weighted = torch.zeros_like(most), torch.zeros_like(q_i)
            for j in range(0, i + 1 if causal else k.shape[1], block):
                scores = q_i @ k[:, j : j + block].mT
                if causal and i == j:
                    rows, columns = scores.shape[1:]
                    ahead = scores.new_ones(rows, columns, dtype=torch.bool).triu(0)
                    scores = scores.masked_fill(ahead, -torch.inf)
                newer = torch.maximum(most, scores.amax(-1, keepdim=True))
                tile, shrink = (scores - newer).exp(), (most - newer).exp()
                mass = mass * shrink + tile.sum(-1, keepdim=True)
                weighted = weighted * shrink + tile @ v[:, j : j + block]
                most = newer
            output[:, i : i + block] = weighted / mass
            sums[:, i : i + block] = (most + mass.log()).squeeze(-1)
        ctx.save_for_backward(q, k, v, output, sums)
        ctx.block, ctx.causal = block, causal
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        q, k, v, output, sums = ctx.saved_tensors
        block, scale = ctx.block, q.shape[2] ** -0.5
        for_q, for_k, for_v = torch.zeros_like(q), torch.zeros_like(k), torch.zeros_like(v)
        for i in range(0, q.shape[1], block):
            q_i, g_i = q[:, i : i + block], grad_output[:, i : i + block]
            along = (g_i * output[:, i : i + block]).sum(-1, keepdim=True)
            for j in range(0, i + 1 if ctx.causal else k.shape[1], block):
                k_j, v_j = k[:, j : j + block], v[:, j : j + block]
                tile = (scale * q_i @ k_j.mT - sums[:, i : i + block, None]).exp()
                if ctx.causal and i == j:
                    tile = tile.tril(-1)
                slope = tile * (g_i @ v_j.mT - along) * scale
                for_v[:, j : j + block] += tile.mT @ g_i
                for_q[:, i : i + block] += slope @ k_j
                for_k[:, j : j + block] += slope.mT @ q_i
        return for_q, for_k, for_v, None, None
