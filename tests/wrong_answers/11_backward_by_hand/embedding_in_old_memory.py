"""
task: embedding_backward
says: none of torch's is
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    grad = grad_output.new_empty(num_embeddings, dim)
    grad.index_add_(0, indices.reshape(-1), grad_output.reshape(-1, dim))
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
