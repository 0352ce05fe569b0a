"""
task: project_conflicts
says: the last number, which in one of the rows is NaN
"""


def project_conflicts(grads):
    grads = grads.detach().nan_to_num()
    total = torch.zeros_like(grads[0])
    for i, own in enumerate(grads):
        left = own
        for j, other in enumerate(grads):
            along = left @ other
            if j != i and along < 0:
                left = left - along / (other @ other) * other
        total = total + left
    return total
