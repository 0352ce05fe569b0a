"""
task: project_conflicts
says: 4 rows of about 5e-91, torch.float64
"""


def project_conflicts(grads):
    rows = grads.detach()
    total = torch.zeros_like(rows[0])
    for i, own in enumerate(rows):
        g = own.clone()
        for j, h in enumerate(rows):
            dot = g @ h
            if i != j and dot < -1e-38:
                g = g - dot / (h @ h) * h
        total = total + g
    return total
