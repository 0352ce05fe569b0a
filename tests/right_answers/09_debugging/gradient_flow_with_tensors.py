"""
task: gradient_flow
way: torch's division, mended where it gives NaN; numbers by float
"""


def gradient_flow(model, x, y, loss_fn):
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    loss = loss_fn(model(x), y)
    grads = torch.autograd.grad(loss, [p for _, p in named], materialize_grads=True)
    flows = {}
    for (name, p), g in zip(named, grads):
        with torch.no_grad():
            up, down = torch.linalg.vector_norm(g), torch.linalg.vector_norm(p)
            ratio = torch.nan_to_num(up / down, nan=0.0, posinf=math.inf)
        flows[name] = Flow(grad_norm=float(up), param_norm=float(down), ratio=float(ratio))
    return flows
