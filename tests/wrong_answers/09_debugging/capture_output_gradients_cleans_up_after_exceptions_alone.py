"""
Cleans up under "except Exception", which Ctrl-C is not.

task: capture_output_gradients
says: the number of hooks of the module 'encoder.0'
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    outputs = {}
    handles = [
        m.register_forward_hook(lambda m, a, out, name=name: outputs.__setitem__(name, out))
        for name, m in chosen.items()
    ]
    try:
        loss = loss_fn(model(x))
    except Exception:
        for handle in handles:
            handle.remove()
        raise
    for handle in handles:
        handle.remove()
    gradients = torch.autograd.grad(loss, [outputs[name] for name in names])
    return dict(zip(names, gradients, strict=True))
