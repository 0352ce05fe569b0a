"""
Keeps one name for each output, where two modules may return the same tensor.

task: capture_output_gradients
says: kept under the last of their names alone
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    name_of = {}
    handles = [
        m.register_forward_hook(lambda m, a, out, name=name: name_of.__setitem__(out, name))
        for name, m in chosen.items()
    ]
    try:
        loss = loss_fn(model(x))
    finally:
        for handle in handles:
            handle.remove()
    gradients = dict(zip(name_of.values(), torch.autograd.grad(loss, list(name_of))))
    return {name: gradients[name] for name in names if name in gradients}
