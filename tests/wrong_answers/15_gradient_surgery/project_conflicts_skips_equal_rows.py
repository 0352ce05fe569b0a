"""
task: project_conflicts
says: a row does not meet those that have its own values
"""


def project_conflicts(grads):
    grads = grads.detach()
    rows = []
    for own in grads:
        g = own
        for h in grads:
            if torch.equal(own, h):
                continue
            dot = g @ h
            if dot < 0:
                g = g - dot / (h @ h) * h
        rows.append(g)
    return torch.stack(rows).sum(0)
