"""
task: embedding_backward
says: of repeated indices the last wins
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    grad = grad_output.new_zeros(num_embeddings, dim)
    grad[indices] = grad_output
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
