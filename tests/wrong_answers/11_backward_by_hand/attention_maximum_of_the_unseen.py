"""
task: attention_backward
says: for scores of ±1e4
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = q.shape[-1] ** -0.5
    s = q @ k.mT * scale
    e = (s - s.amax(-1, keepdim=True)).exp()
    if is_causal:
        e = e.tril()
    p = e / e.sum(-1, keepdim=True)
    gp = grad_output @ v.mT
    gs = p * (gp - (gp * p).sum(-1, keepdim=True)) * scale
    return gs @ k, gs.mT @ q, p.mT @ grad_output
