"""
task: ShardedOptimizer
says: 3 of 3 parameters belong to rank 0 of 2: at most 2 may belong to one
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.optimizer = make_optimizer(list(params))

    def step(self):
        self.optimizer.step()
