"""
task: ShardedOptimizer
says: 5 of 5 parameters belong to rank 0 of 2: at most 3 may belong to one
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.optimizer = make_optimizer(list(params))

    def step(self):
        self.optimizer.step()
