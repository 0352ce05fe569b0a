"""
task: attention_backward
says: Tensor.backward
"""


def attention_backward(grad_output, q, k, v, *, is_causal=False):
    with torch.enable_grad():
        leaves = [t.detach().requires_grad_() for t in (q, k, v)]
        attended = torch.nn.functional.scaled_dot_product_attention(*leaves, is_causal=is_causal)
        attended.backward(grad_output)
    return tuple(leaf.grad for leaf in leaves)
