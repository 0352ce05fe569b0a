"""
task: ShardedOptimizer
says: each rank moves its own, and sends nothing
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        own = list(params)[dist.get_rank() :: dist.get_world_size()]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer:
            self.optimizer.step()
