"""
task: FlashAttention
way: logaddexp joins the tiles, each a softmax by itself
"""


class FlashAttention(Function):
    @staticmethod
    def forward(ctx, q, k, v, block, causal):
        scale = 1 / q.shape[-1] ** 0.5
        out = torch.zeros_like(q)
        lse = q.new_full((*q.shape[:2], 1), -torch.inf)
        for j in range(0, k.shape[1], block):
            for i in range(j if causal else 0, q.shape[1], block):
                rows, cols = slice(i, i + block), slice(j, j + block)
                s = scale * torch.einsum("bid,bjd->bij", q[:, rows], k[:, cols])
                if causal and i == j:
                    s += torch.full_like(s[0], -torch.inf).triu(1)
                own = torch.logsumexp(s, -1, keepdim=True)
                both = torch.logaddexp(lse[:, rows], own)
                older = out[:, rows] * (lse[:, rows] - both).exp()
                out[:, rows] = older + (s - both).exp() @ v[:, cols]
                lse[:, rows] = both
        ctx.save_for_backward(q, k, v, out, lse)
        ctx.extra = block, causal, scale
        return out

    @staticmethod
    def backward(ctx, g):
        q, k, v, out, lse = ctx.saved_tensors
        block, causal, scale = ctx.extra
        dq, dk, dv = (torch.zeros_like(t) for t in (q, k, v))
        row = torch.einsum("bid,bid->bi", g, out)[..., None]
        for j in range(0, k.shape[1], block):
            for i in range(j if causal else 0, q.shape[1], block):
                rows, cols = slice(i, i + block), slice(j, j + block)
                s = scale * q[:, rows] @ k[:, cols].transpose(1, 2) - lse[:, rows]
                if causal and i == j:
                    s = s + torch.full_like(s[0], -torch.inf).triu(1)
                p = s.exp()
                ds = p * (g[:, rows] @ v[:, cols].transpose(1, 2) - row[:, rows])
                dq[:, rows] += scale * ds @ k[:, cols]
                dk[:, cols] += scale * ds.transpose(1, 2) @ q[:, rows]
                dv[:, cols] += p.transpose(1, 2) @ g[:, rows]
        return dq, dk, dv, None, None
