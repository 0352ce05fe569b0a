"""
A backward hook that keeps what leaves the module instead of what comes in.

task: capture_output_gradients
says: the gradient is taken at the module's input
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    got = {}
    handles = []
    chosen = [modules[name] for name in names]
    x = x.detach().requires_grad_()
    try:
        for name, module in zip(names, chosen):
            handles.append(
                module.register_full_backward_hook(
                    lambda m, gi, go, name=name: got.__setitem__(name, gi[0])
                )
            )
        loss = loss_fn(model(x))
        torch.autograd.grad(loss, [x, *(p for p in model.parameters() if p.requires_grad)])
    finally:
        for handle in handles:
            handle.remove()
    return {name: got[name] for name in names}
