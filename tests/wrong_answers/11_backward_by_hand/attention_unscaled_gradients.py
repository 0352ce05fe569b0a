"""
task: attention_backward
says: the gradients for q and k lack the factor 1/√E
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = q.shape[-1] ** -0.5
    scores = scale * (q @ k.mT)
    if is_causal:
        seen = torch.ones_like(scores, dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, -torch.inf)
    attention = torch.softmax(scores, -1)
    weighted = attention * (grad_output @ v.mT)
    grad_scores = weighted - attention * weighted.sum(-1, keepdim=True)
    grad_q = grad_scores @ k
    grad_k = grad_scores.mT @ q
    return grad_q, grad_k, attention.mT @ grad_output
