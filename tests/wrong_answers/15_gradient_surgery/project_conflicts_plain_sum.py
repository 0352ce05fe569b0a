"""
task: project_conflicts
says: it is the plain sum
"""


def project_conflicts(grads):
    return grads.detach().sum(0)
