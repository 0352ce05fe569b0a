"""
task: project_conflicts
says: the dot product is that of the row as it was given
"""


def project_conflicts(grads):
    grads = grads.detach()
    done = []
    for i, own in enumerate(grads):
        g = own.clone()
        for j, h in enumerate(grads):
            if i != j:
                dot = own @ h
                if dot < 0:
                    g = g - dot / (h @ h) * h
        done.append(g)
    return torch.stack(done).sum(0)
