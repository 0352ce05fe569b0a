"""
task: embedding_backward
way: a product with a sparse matrix of the indices
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    g = grad_output.reshape(-1, grad_output.shape[-1])
    flat = indices.reshape(-1)
    hot = torch.sparse_coo_tensor(
        torch.stack([flat, torch.arange(len(flat), device=flat.device)]),
        torch.ones_like(g[:, 0]),
        (num_embeddings, len(flat)),
    )
    grad = torch.sparse.mm(hot, g)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
