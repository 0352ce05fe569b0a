"""
task: intermediate_grads
way: forward hooks, removed at the end
"""


def intermediate_grads(layers, x, loss_fn):
    layers, outputs, handles = list(layers), [], []
    for layer in set(layers):
        handles.append(layer.register_forward_hook(lambda m, a, out: outputs.append(out)))
    try:
        h = x.detach().requires_grad_()
        for layer in layers:
            h = layer(h)
        return torch.autograd.grad(loss_fn(h), outputs)
    finally:
        for handle in handles:
            handle.remove()
