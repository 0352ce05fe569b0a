"""
task: FlashAttention
says: 1000
"""


class FlashAttention(Function):
    """Queries outside."""

    @staticmethod
    def forward(ctx, q, k, v, block, causal):
        B, T, d = q.shape
        S = k.shape[1]
        scale = d**-0.5
        out = torch.empty_like(q)
        lse = q.new_empty(B, T)
        for i in range(0, T, block):
            qi = q[:, i : i + block]
            n = qi.shape[1]
            m = q.new_full((B, n, 1), -torch.inf)
            l = q.new_zeros(B, n, 1)
            acc = q.new_zeros(B, n, d)
            for j in range(0, min(S, i + n) if causal else S, block):
                s = qi @ k[:, j : j + block].mT * scale
                if causal and j + s.shape[2] > i:
                    rows = torch.arange(i, i + n, device=q.device)[:, None]
                    cols = torch.arange(j, j + s.shape[2], device=q.device)
                    s = s.masked_fill(cols > rows, -1000.0)
                new = torch.maximum(m, s.amax(-1, keepdim=True))
                p = (s - new).exp()
                old = (m - new).exp()
                l = l * old + p.sum(-1, keepdim=True)
                acc = acc * old + p @ v[:, j : j + block]
                m = new
            out[:, i : i + block] = acc / l
            lse[:, i : i + block] = (m + l.log())[..., 0]
        ctx.save_for_backward(q, k, v, out, lse)
        ctx.block, ctx.causal = block, causal
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        q, k, v, out, lse = ctx.saved_tensors
        block, causal = ctx.block, ctx.causal
        T, S, scale = q.shape[1], k.shape[1], q.shape[2] ** -0.5
        dq, dk, dv = torch.zeros_like(q), torch.zeros_like(k), torch.zeros_like(v)
        for i in range(0, T, block):
            at = slice(i, i + block)
            g = grad_output[:, at]
            delta = (g * out[:, at]).sum(-1, keepdim=True)
            n = g.shape[1]
            for j in range(0, min(S, i + n) if causal else S, block):
                to = slice(j, j + block)
                s = q[:, at] @ k[:, to].mT * scale
                p = (s - lse[:, at, None]).exp()
                if causal:
                    rows = torch.arange(i, i + n, device=q.device)[:, None]
                    cols = torch.arange(j, j + s.shape[2], device=q.device)
                    p = p.masked_fill(cols > rows, 0)
                dv[:, to] += p.mT @ g
                ds = p * (g @ v[:, to].mT - delta) * scale
                dq[:, at] += ds @ k[:, to]
                dk[:, to] += ds.mT @ q[:, at]
        return dq, dk, dv, None, None
