"""
task: embedding_backward
way: a sparse tensor that adds up what is repeated
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    dim = grad_output.shape[-1]
    flat, rows = indices.reshape(1, -1), grad_output.reshape(-1, dim)
    if padding_idx is not None:
        keep = flat[0] != padding_idx
        flat, rows = flat[:, keep], rows[keep]
    return torch.sparse_coo_tensor(flat, rows, (num_embeddings, dim)).to_dense()
