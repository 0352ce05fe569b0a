"""
task: ShardedOptimizer
says: the mean over the ranks is taken: only one of them has moved a parameter
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        own = self.params[dist.get_rank() :: dist.get_world_size()]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer:
            self.optimizer.step()
        for p in self.params:
            dist.all_reduce(p.detach(), op=dist.ReduceOp.AVG)
