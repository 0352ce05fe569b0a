"""
task: gradient_penalty
way: ones_like as cotangent, a small number under the root
"""


def gradient_penalty(critic, x):
    x = x.clone().detach().requires_grad_(True)
    scores = critic(x)
    g = torch.autograd.grad(
        outputs=scores,
        inputs=x,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    norm = (g.pow(2).sum(dim=tuple(range(1, g.ndim))) + 1e-14).sqrt()
    return torch.nn.functional.mse_loss(norm, torch.ones_like(norm))
