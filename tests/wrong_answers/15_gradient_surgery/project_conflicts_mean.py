"""
task: project_conflicts
says: it is the mean of the rows
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
                    g = g - dot / (h @ h) * h
        done.append(g)
    return torch.stack(done).mean(0)
