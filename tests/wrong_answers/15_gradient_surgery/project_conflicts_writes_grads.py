"""
task: project_conflicts
says: leave it as it was found
"""


def project_conflicts(grads):
    original = grads.detach().clone()
    for i, g in enumerate(grads.detach()):
        for j, h in enumerate(original):
            dot = g @ h
            if i != j and dot < 0:
                g -= dot / (h @ h) * h
    return grads.detach().sum(0)
