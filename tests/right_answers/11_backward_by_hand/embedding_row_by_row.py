"""
task: embedding_backward
way: for each row the sum of what was looked up there
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    rows = [grad_output[indices == i].sum(0) for i in range(num_embeddings)]
    grad = torch.stack(rows)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
