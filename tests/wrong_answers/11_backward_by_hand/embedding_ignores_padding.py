"""
task: embedding_backward
says: padding_idx is ignored
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    grad = grad_output.new_zeros(num_embeddings, dim)
    return grad.index_add_(0, indices.reshape(-1), grad_output.reshape(-1, dim))
