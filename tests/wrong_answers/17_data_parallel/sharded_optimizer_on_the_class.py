"""
task: ShardedOptimizer
says: ShardedOptimizer.optimizer is set
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        rank, world = dist.get_rank(), dist.get_world_size()
        own = self.params[rank::world]
        ShardedOptimizer.optimizer = make_optimizer(own) if own else None

    def step(self):
        if ShardedOptimizer.optimizer is not None:
            ShardedOptimizer.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
