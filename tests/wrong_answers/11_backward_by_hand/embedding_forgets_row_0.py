"""
task: embedding_backward
says: padding_idx is ignored: its row gets 0, also where it is 0
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    grad = grad_output.new_zeros(num_embeddings, dim)
    grad.index_add_(0, indices.reshape(-1), grad_output.reshape(-1, dim))
    if padding_idx:
        grad[padding_idx] = 0
    return grad
