"""
task: project_conflicts
says: do not conflict are projected too
"""


def project_conflicts(grads):
    grads = grads.detach()
    done = []
    for i, own in enumerate(grads):
        g = own.clone()
        for j, h in enumerate(grads):
            if i != j:
                dot = g @ h
                if h.any():
                    g = g - dot / (h @ h) * h
        done.append(g)
    return torch.stack(done).sum(0)
