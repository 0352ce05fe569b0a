"""
task: clipped_mean_gradient
says: when nothing is clipped
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    total = {name: torch.zeros_like(p).detach() for name, p in params.items()}
    for i in range(len(xs)):
        loss = loss_fn(model(xs[i : i + 1]), ys[i : i + 1])
        gradients = torch.autograd.grad(
            loss, list(params.values()), allow_unused=True, materialize_grads=True
        )
        norm = torch.linalg.vector_norm(
            torch.stack([torch.linalg.vector_norm(g) for g in gradients])
        )
        factor = max_norm / norm if norm > max(max_norm, 1e-3) else 1
        for name, gradient in zip(params, gradients):
            total[name] += factor * gradient.detach()
    return {name: t / len(xs) for name, t in total.items()}
