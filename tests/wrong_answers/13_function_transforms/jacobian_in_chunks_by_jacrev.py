"""
task: jacobian_in_chunks
says: calls torch.func.jacrev
"""


def jacobian_in_chunks(f, x, chunk):
    return torch.func.jacrev(f, chunk_size=chunk)(x).detach()
