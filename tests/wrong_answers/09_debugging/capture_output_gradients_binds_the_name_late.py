"""
All hooks read the loop's variable.

task: capture_output_gradients
says: every hook reads one variable
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    chosen = [modules[name] for name in names]
    outputs, handles = {}, []
    for name, module in zip(names, chosen):
        handles.append(
            module.register_forward_hook(lambda m, a, out: outputs.__setitem__(name, out))
        )
    try:
        loss = loss_fn(model(x))
    finally:
        for handle in handles:
            handle.remove()
    grads = torch.autograd.grad(loss, list(outputs.values()))
    return dict(zip(outputs, grads))
