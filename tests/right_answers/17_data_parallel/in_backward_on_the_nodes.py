"""
task: average_in_backward_
way: hooks on the nodes that accumulate, as DistributedDataParallel has them
"""


def average_in_backward_(params):
    works, nodes = [], []

    def hook_for(p):
        def hook(*_):
            p.grad.div_(dist.get_world_size())
            works.append(dist.all_reduce(p.grad, async_op=True))

        return hook

    def finish(nodes=nodes):
        for work in works:
            work.wait()
        works[:] = []

    for p in {id(p): p for p in params}.values():
        if p.requires_grad:
            with torch.enable_grad():
                node = p.view_as(p).grad_fn.next_functions[0][0]
            node.register_hook(hook_for(p))
            nodes.append(node)
    return finish
