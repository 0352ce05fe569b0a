"""
task: project_conflicts
says: a small number is added to h·h
"""


def project_conflicts(grads):
    grads = grads.detach()
    done = []
    for i, own in enumerate(grads):
        g = own.clone()
        for j, h in enumerate(grads):
            if i != j:
                dot = g @ h
                if dot < 0:
                    g = g - dot / (h @ h + 1e-8) * h
        done.append(g)
    return torch.stack(done).sum(0)
