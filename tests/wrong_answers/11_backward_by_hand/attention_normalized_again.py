"""
task: attention_backward
says: for scores of ±1e4
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = q.shape[-1] ** -0.5
    p = (q @ k.mT * scale).softmax(-1)
    if is_causal:
        p = p.tril()
        p = p / p.sum(-1, keepdim=True).clamp_min(torch.finfo(p.dtype).tiny)
    gp = grad_output @ v.mT
    gs = p * (gp - (gp * p).sum(-1, keepdim=True)) * scale
    return gs @ k, gs.mT @ q, p.mT @ grad_output
