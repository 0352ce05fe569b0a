"""
task: project_conflicts
says: are projected already
"""


def project_conflicts(grads):
    grads = grads.detach().clone()
    for i in range(len(grads)):
        for j in range(len(grads)):
            dot = grads[i] @ grads[j]
            if i != j and dot < 0:
                grads[i] -= dot / (grads[j] @ grads[j]) * grads[j]
    return grads.sum(0)
