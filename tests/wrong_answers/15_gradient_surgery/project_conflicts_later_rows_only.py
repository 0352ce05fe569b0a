"""
task: project_conflicts
says: each row is to meet the rows before it too
"""


def project_conflicts(grads):
    rows = grads.detach()
    total = torch.zeros_like(rows[0])
    for i in range(len(rows)):
        g = rows[i].clone()
        for j in range(i, len(rows)):
            if j == i:
                continue
            h = rows[j]
            d = g @ h
            if d < 0:
                g = g - d / (h @ h) * h
        total = total + g
    return total
