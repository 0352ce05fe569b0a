"""
task: project_conflicts
way: unit vectors, and clamp in place of if
"""


def project_conflicts(grads):
    rows = grads.detach()
    lengths = torch.linalg.vector_norm(rows, dim=1, keepdim=True)
    units = torch.where(lengths > 0, rows / lengths, 0.0)
    left = rows.clone()
    for j, unit in enumerate(units):
        along = (left @ unit).clamp(max=0)
        along[j] = 0
        left -= along[:, None] * unit
    return left.sum(0)
