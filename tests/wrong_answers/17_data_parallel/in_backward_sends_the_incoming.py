"""
task: average_in_backward_
says: nothing is exchanged
"""


def average_in_backward_(params):
    works = []

    def hook(g):
        sent = g.clone()
        works.append((sent, dist.all_reduce(sent, async_op=True)))

    def finish():
        for sent, work in works:
            work.wait()
            sent /= dist.get_world_size()
        works.clear()

    for p in dict.fromkeys(params):
        if p.requires_grad:
            p.register_hook(hook)
    return finish
