"""
task: average_gradients_
way: ReduceOp.AVG
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            dist.all_reduce(p.grad, op=dist.ReduceOp.AVG)
