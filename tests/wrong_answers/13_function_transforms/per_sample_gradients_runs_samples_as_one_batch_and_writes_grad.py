"""
task: per_sample_gradients
says: .grad of the parameter
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    losses = []
    with torch.enable_grad():
        output = model(xs)
        losses = [loss_fn(output[i : i + 1], ys[i : i + 1]) for i in range(len(xs))]
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    rows = []
    for loss in losses:
        model.zero_grad()
        loss.backward(retain_graph=True)
        rows.append({n: p.grad if p.grad is not None else p * 0 for n, p in params.items()})
    return {name: torch.stack([row[name] for row in rows]).detach() for name in params}
