"""
task: capture_output_gradients
way: full backward hooks, whose grad_output it is, in an ExitStack
"""


def capture_output_gradients(model, names, x, loss_fn):
    from contextlib import ExitStack
    from functools import partial

    modules = dict(model.named_modules())
    chosen = {}
    for name in names:
        chosen[name] = modules[name]
    got = {}

    def keep(name, module, grad_input, grad_output):
        got[name] = grad_output[0].detach().clone()

    with ExitStack() as stack:
        for name, module in chosen.items():
            handle = module.register_full_backward_hook(partial(keep, name))
            stack.callback(handle.remove)
        start = x.detach().clone().requires_grad_()
        torch.autograd.grad(loss_fn(model(start)), start)
    return {name: got[name] for name in names}
