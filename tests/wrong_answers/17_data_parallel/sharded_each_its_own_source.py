"""
task: ShardedOptimizer
says: calls broadcast of 6 elements from rank 0 where rank 1 calls broadcast of 6 elements from rank 1
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
            dist.broadcast(p.detach(), dist.get_rank())
