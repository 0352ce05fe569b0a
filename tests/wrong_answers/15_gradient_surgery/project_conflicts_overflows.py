"""
task: project_conflicts
says: 4 rows of about 1e+15
"""


def project_conflicts(grads):
    grads = grads.detach()
    rows = []
    for i, g in enumerate(grads):
        for j, h in enumerate(grads):
            if i != j and g @ h < 0:
                g = g - (g @ h) * h / (h @ h)
        rows.append(g)
    return torch.stack(rows).sum(0)
