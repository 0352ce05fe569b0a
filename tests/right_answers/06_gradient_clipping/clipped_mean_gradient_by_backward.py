"""
task: clipped_mean_gradient
way: backward and torch's clipping on a copy of the model
"""

import copy


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    model = copy.deepcopy(model)
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    sums = {name: torch.zeros_like(p, requires_grad=False) for name, p in named}
    for i in range(xs.shape[0]):
        model.zero_grad(set_to_none=True)
        loss_fn(model(xs[i : i + 1]), ys[i : i + 1]).backward()
        nn.utils.clip_grad_norm_([p for _, p in named], max_norm)
        for name, p in named:
            if p.grad is not None:
                sums[name] += p.grad
    return {name: total / xs.shape[0] for name, total in sums.items()}
