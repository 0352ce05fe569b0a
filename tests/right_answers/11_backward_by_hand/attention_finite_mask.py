"""
task: attention_backward
way: masked scores are the least number there is
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = q.shape[-1] ** -0.5
    scores = scale * (q @ k.mT)
    if is_causal:
        seen = torch.ones_like(scores, dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, torch.finfo(scores.dtype).min)
    attention = torch.softmax(scores, -1)
    weighted = attention * (grad_output @ v.mT)
    grad_scores = weighted - attention * weighted.sum(-1, keepdim=True)
    grad_q = scale * (grad_scores @ k)
    grad_k = scale * (grad_scores.mT @ q)
    return grad_q, grad_k, attention.mT @ grad_output
