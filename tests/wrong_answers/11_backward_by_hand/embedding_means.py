"""
task: embedding_backward
says: repeated indices are averaged
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    grad = grad_output.new_zeros(num_embeddings, dim)
    flat = indices.reshape(-1)
    grad.index_add_(0, flat, grad_output.reshape(-1, dim))
    grad /= torch.bincount(flat, minlength=num_embeddings).clamp(min=1)[:, None]
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
