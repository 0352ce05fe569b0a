"""
The hooks stay.

task: capture_output_gradients
says: the number of hooks of the module
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    chosen = [modules[name] for name in names]
    outputs = {}
    for name, module in zip(names, chosen):
        module.register_forward_hook(lambda m, a, out, name=name: outputs.__setitem__(name, out))
    grads = torch.autograd.grad(loss_fn(model(x)), [outputs[n] for n in names])
    return dict(zip(names, grads))
