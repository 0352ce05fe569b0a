"""
task: clipped_mean_gradient
way: torch.func, all samples at once, weighed by tensordot
"""


def clipped_mean_gradient(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    xs: Tensor,
    ys: Tensor,
    max_norm: float,
) -> dict[str, Tensor]:
    # All samples at once.
    trainable = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}

    def loss(weights: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
        output = torch.func.functional_call(model, weights, (x.unsqueeze(0),))
        return loss_fn(output, y.unsqueeze(0))

    per_sample = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(
        trainable, xs.detach().clone(), ys.detach().clone()
    )
    squares = sum(g.detach().double().flatten(1).square().sum(1) for g in per_sample.values())
    factors = (max_norm / (squares.sqrt() + 1e-6)).clamp(max=1.0)
    return {
        name: (torch.tensordot(factors, g.detach().double(), dims=1) / len(xs)).to(g.dtype)
        for name, g in per_sample.items()
    }
