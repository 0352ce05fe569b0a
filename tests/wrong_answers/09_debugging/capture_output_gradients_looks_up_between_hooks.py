"""
Looks a name up after the hook of the one before is registered.

task: capture_output_gradients
says: the number of hooks of the module 'head'
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    outputs, handles = {}, []
    for name in names:
        handles.append(
            modules[name].register_forward_hook(
                lambda m, a, out, name=name: outputs.__setitem__(name, out)
            )
        )
    try:
        loss = loss_fn(model(x))
    finally:
        for handle in handles:
            handle.remove()
    grads = torch.autograd.grad(loss, [outputs[n] for n in names])
    return dict(zip(names, grads))
