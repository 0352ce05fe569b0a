"""
task: gradient_penalty
way: a gradient for each sample, mapped
"""


def gradient_penalty(critic, x):
    def score(sample):
        return critic(sample.unsqueeze(0)).sum()

    gradients = torch.func.vmap(torch.func.grad(score))(x.detach())
    return ((gradients.reshape(len(x), -1).norm(dim=1) - 1) ** 2).mean()
