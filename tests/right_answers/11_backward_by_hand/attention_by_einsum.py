"""
task: attention_backward
way: einsum, the maximum taken away by hand, and the row sum from the output
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    scale = 1 / q.shape[-1] ** 0.5
    scores = torch.einsum("...le,...se->...ls", q * scale, k)
    if is_causal:
        rows = torch.arange(q.shape[-2], device=q.device)[:, None]
        columns = torch.arange(k.shape[-2], device=q.device)
        scores = torch.where(columns > rows, float("-inf"), scores)
    powers = (scores - scores.amax(-1, keepdim=True)).exp()
    p = powers / powers.sum(-1, keepdim=True)
    grad_v = torch.einsum("...ls,...ld->...sd", p, grad_output)
    grad_p = torch.einsum("...ld,...sd->...ls", grad_output, v)
    # Σ p·grad_p along the keys is Σ output·grad_output along the features.
    along = ((p @ v) * grad_output).sum(-1, keepdim=True)
    grad_scores = scale * p * (grad_p - along)
    grad_q = torch.einsum("...ls,...se->...le", grad_scores, k)
    return grad_q, torch.einsum("...ls,...le->...se", grad_scores, q), grad_v
