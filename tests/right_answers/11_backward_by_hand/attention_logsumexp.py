"""
task: attention_backward
way: the softmax by its logsumexp, as fused kernels keep it
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = q.shape[-1] ** -0.5
    s = q @ k.mT * scale
    if is_causal:
        s = s.masked_fill(~torch.ones_like(s, dtype=torch.bool).tril(), float("-inf"))
    p = (s - s.logsumexp(-1, keepdim=True)).exp()
    gp = grad_output @ v.mT
    delta = (grad_output * (p @ v)).sum(-1, keepdim=True)
    gs = p * (gp - delta) * scale
    return gs @ k, gs.mT @ q, p.mT @ grad_output
