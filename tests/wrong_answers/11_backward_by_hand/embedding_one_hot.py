"""
task: embedding_backward
says: makes a tensor of 2000 elements
"""


def embedding_backward(grad_output, indices, num_embeddings, *, padding_idx=None):
    flat = indices.reshape(-1)
    hot = torch.nn.functional.one_hot(flat, num_embeddings).to(grad_output.dtype)
    grad = hot.T @ grad_output.reshape(len(flat), -1)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad
