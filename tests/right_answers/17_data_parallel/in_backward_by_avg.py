"""
task: average_in_backward_
way: divides before it sends, AVG for the rest
"""


def average_in_backward_(params):
    works = {}

    def hook(p):
        works[p] = dist.all_reduce(p.grad, op=dist.ReduceOp.AVG, async_op=True)

    def finish():
        while works:
            works.popitem()[1].wait()

    seen = set()
    for p in params:
        if p.requires_grad and p not in seen:
            seen.add(p)
            p.register_post_accumulate_grad_hook(hook)
    return finish
