"""
task: ShardedOptimizer
says: broadcast of 6 elements from rank 0 where rank 1 calls broadcast of 4 elements from rank 1
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.own = list(params)[dist.get_rank() :: dist.get_world_size()]
        self.optimizer = make_optimizer(self.own) if self.own else None

    def step(self):
        if self.optimizer:
            self.optimizer.step()
        for p in self.own:
            dist.broadcast(p.detach(), dist.get_rank())
