"""
task: gradient_penalty
way: a loop over samples
"""


def gradient_penalty(critic, x):
    penalties = []
    for row in x.detach().split(1):
        row = row.clone().requires_grad_()
        g = torch.autograd.grad(critic(row).squeeze(), row, create_graph=True)[0]
        penalties.append((torch.linalg.vector_norm(g) - 1) ** 2)
    return sum(penalties) / len(penalties)
