"""
task: embedding_backward
way: what comes in for padding_idx is multiplied by 0
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    rows = grad_output.reshape(-1, grad_output.shape[-1])
    flat = indices.reshape(-1)
    if padding_idx is not None:
        rows = rows * (flat != padding_idx).unsqueeze(-1).to(rows.dtype)
    return rows.new_zeros(num_embeddings, rows.shape[1]).index_add_(0, flat, rows)
