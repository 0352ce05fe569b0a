"""
get_submodule has another error for an unknown name.

task: capture_output_gradients
says: KeyError is due when the model has no submodule 'decoder'; AttributeError was raised
"""


def capture_output_gradients(model, names, x, loss_fn):
    chosen = [model.get_submodule(name) for name in names]
    outputs, handles = {}, []
    for name, module in zip(names, chosen):
        handles.append(
            module.register_forward_hook(
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
