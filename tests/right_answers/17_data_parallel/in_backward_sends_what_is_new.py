"""
task: average_in_backward_
way: tensor hooks send the new part, and the mean is put in afterwards
"""


def average_in_backward_(params):
    works = []

    def hook_for(p):
        def hook(g):
            sent = g.clone(memory_format=torch.contiguous_format)
            works.append((p, g.clone(), sent, dist.all_reduce(sent, async_op=True)))

        return hook

    @torch.no_grad()
    def finish():
        for p, own, sent, work in works:
            work.wait()
            p.grad.add_(sent / dist.get_world_size() - own)
        works.clear()

    for p in set(params):
        if p.requires_grad:
            p.register_hook(hook_for(p))
    return finish
