"""
task: capture_output_gradients
way: tensor hooks on the outputs, gradients asked for something before them
"""


def capture_output_gradients(model, names, x, loss_fn):
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(f"no submodule is called {name!r}")
    got, handles = {}, []

    def hook_for(name):
        def hook(module, args, output):
            output.register_hook(lambda g: got.__setitem__(name, g.clone()))

        return hook

    try:
        for name in names:
            handles.append(modules[name].register_forward_hook(hook_for(name)))
        start = x if x.requires_grad else x.detach().requires_grad_()
        loss = loss_fn(model(start))
    finally:
        while handles:
            handles.pop().remove()
    torch.autograd.grad(loss, start)
    return {name: got[name].detach() for name in names}
