"""
task: gradient_norms
way: the root of a sum of squares, in Python
"""


def gradient_norms(model, loss_fn, batches):
    def norm(x, y):
        params = [p for _, p in model.named_parameters() if p.requires_grad]
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, params, materialize_grads=True)
        return math.sqrt(sum(g.square().sum().item() for g in grads))

    return [norm(x, y) for x, y in batches]
