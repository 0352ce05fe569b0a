"""
task: project_conflicts
says: 4 rows of about 1e-06
"""


def project_conflicts(grads):
    grads = grads.detach()
    left = grads.clone()
    for j, h in enumerate(grads):
        dots = (left @ h).clamp(max=0) / (h @ h + 1e-12)
        dots[j] = 0
        left -= dots[:, None] * h
    return left.sum(0)
