"""
task: embedding_backward
way: one index_put that accumulates
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    grad = grad_output.new_zeros(num_embeddings, dim)
    grad.index_put_((indices,), grad_output, accumulate=True)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
