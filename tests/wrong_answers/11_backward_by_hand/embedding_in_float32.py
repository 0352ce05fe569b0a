"""
task: embedding_backward
says: float32
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    grad = torch.zeros(num_embeddings, dim, device=grad_output.device)
    grad.index_add_(0, indices.reshape(-1), grad_output.reshape(-1, dim).float())
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
