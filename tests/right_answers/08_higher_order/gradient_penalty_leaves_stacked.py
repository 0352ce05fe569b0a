"""
task: gradient_penalty
way: a leaf for each sample, and a sum of misses
"""


def gradient_penalty(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    # A leaf for each sample.
    samples = [sample.detach().requires_grad_() for sample in x.unbind(0)]
    total = critic(torch.stack(samples)).sum()
    gradients = torch.autograd.grad(total, samples, create_graph=True)
    misses = [gradient.pow(2).sum().sqrt() - 1 for gradient in gradients]
    return sum(miss * miss for miss in misses) / len(misses)
