"""
task: capture_output_gradients
way: retains gradients on a copy of the model
"""


def capture_output_gradients(model, names, x, loss_fn):
    import copy

    twin = copy.deepcopy(model)
    modules = dict(twin.named_modules())
    outputs = {}

    def keep(name):
        def hook(module, args, output):
            output.retain_grad()
            outputs[name] = output

        return hook

    for name in names:
        if name not in modules:
            raise KeyError(name)
        modules[name].register_forward_hook(keep(name))
    loss_fn(twin(x.detach().requires_grad_())).backward()
    return {name: outputs[name].grad for name in names}
