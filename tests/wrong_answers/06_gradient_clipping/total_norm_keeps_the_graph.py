"""
task: total_norm
says: create_graph=True
says: still has a graph attached
"""


def total_norm(params, norm_type=2.0):
    norms = [torch.linalg.vector_norm(p.grad, norm_type) for p in params if p.grad is not None]
    return torch.linalg.vector_norm(torch.stack(norms), norm_type) if norms else torch.zeros(())
