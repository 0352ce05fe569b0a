"""
The hooks are removed only where all goes well.

task: capture_output_gradients
says: the number of hooks of the module
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    chosen = [modules[name] for name in names]
    outputs, handles = {}, []
    for name, module in zip(names, chosen):
        handles.append(
            module.register_forward_hook(
                lambda m, a, out, name=name: outputs.__setitem__(name, out)
            )
        )
    loss = loss_fn(model(x))
    for handle in handles:
        handle.remove()
    grads = torch.autograd.grad(loss, [outputs[n] for n in names])
    return dict(zip(names, grads))
