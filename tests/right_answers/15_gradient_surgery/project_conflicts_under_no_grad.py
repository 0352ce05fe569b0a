"""
task: project_conflicts
way: under no_grad, row by row, with a sum in place
"""


@torch.no_grad()
def project_conflicts(grads):
    total = grads.new_zeros(grads.shape[1])
    for i in range(grads.shape[0]):
        g = grads[i].clone()
        for j in range(grads.shape[0]):
            dot = torch.dot(g, grads[j])
            if j != i and dot.item() < 0:
                g.sub_(grads[j], alpha=(dot / grads[j].square().sum()).item())
        total.add_(g)
    return total
