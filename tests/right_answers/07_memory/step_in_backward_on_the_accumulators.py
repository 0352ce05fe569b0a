"""
task: step_in_backward_
way: hooks on the AccumulateGrad nodes, which somebody must hold
"""


def step_in_backward_(params, lr):
    handles = {}

    def install(p):
        def step(*_):
            with torch.no_grad():
                p.sub_(p.grad.mul_(lr))
            p.grad = None

        p.accumulator = p.view_as(p).grad_fn.next_functions[0][0]
        handles[id(p)] = p.accumulator.register_hook(step)

    for p in params:
        if p.requires_grad and id(p) not in handles:
            install(p)

    def remove():
        for handle in handles.values():
            handle.remove()

    return remove
