"""
task: attention_backward
way: a loop over the queries, each with the keys that it sees
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = q.shape[-1] ** -0.5
    grad_q, grad_k, grad_v = (torch.zeros_like(t) for t in (q, k, v))
    for i in range(q.shape[-2]):
        n = i + 1 if is_causal else k.shape[-2]
        keys, values = k[..., :n, :], v[..., :n, :]
        query, g = q[..., i, None, :], grad_output[..., i, None, :]
        p = (scale * (keys * query).sum(-1, keepdim=True)).softmax(-2)
        grad_p = (values * g).sum(-1, keepdim=True)
        grad_scores = scale * p * (grad_p - (p * grad_p).sum(-2, keepdim=True))
        grad_q[..., i, :] = (grad_scores * keys).sum(-2)
        grad_k[..., :n, :] += grad_scores * query
        grad_v[..., :n, :] += p * g
    return grad_q, grad_k, grad_v
