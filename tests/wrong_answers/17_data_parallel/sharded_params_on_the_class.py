"""
task: ShardedOptimizer
says: ShardedOptimizer.params is set
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        ShardedOptimizer.params = list(params)
        rank, world = dist.get_rank(), dist.get_world_size()
        own = ShardedOptimizer.params[rank::world]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(ShardedOptimizer.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
