"""
task: attention_backward
way: the formula for two axes, under torch.vmap
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = q.shape[-1] ** -0.5

    def one(g, q, k, v):
        s = q @ k.mT * scale
        if is_causal:
            s = s.masked_fill(~torch.ones(s.shape, dtype=torch.bool).tril(), -torch.inf)
        p = s.softmax(-1)
        gp = g @ v.mT
        gs = p * (gp - (gp * p).sum(-1, keepdim=True)) * scale
        return gs @ k, gs.mT @ q, p.mT @ g

    f = one
    for _ in range(q.ndim - 2):
        f = torch.vmap(f)
    return f(grad_output, q, k, v)
