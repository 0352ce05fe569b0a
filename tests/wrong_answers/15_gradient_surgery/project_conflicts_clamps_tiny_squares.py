"""
task: project_conflicts
says: 4 rows of about
"""


def project_conflicts(grads: Tensor) -> Tensor:
    given = grads.detach()
    total = torch.zeros_like(given[0])
    for i, row in enumerate(given):
        g = row.clone()
        for j, h in enumerate(given):
            if i == j:
                continue
            dot = g @ h
            if dot < 0:
                g = g - dot / (h @ h + 1e-12) * h
        total = total + g
    return total
