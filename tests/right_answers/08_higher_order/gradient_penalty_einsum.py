"""
task: gradient_penalty
way: norms by einsum, and mse_loss against ones
"""


def gradient_penalty(critic, x):
    leaf = x.detach().clone().requires_grad_(True)
    scores = critic(leaf)
    g = torch.autograd.grad(scores, leaf, torch.ones_like(scores), create_graph=True)[0].reshape(
        len(x), -1
    )
    norms = torch.einsum("ni,ni->n", g, g).pow(0.5)
    return torch.nn.functional.mse_loss(norms, torch.ones_like(norms))
