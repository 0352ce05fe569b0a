"""
task: ShardedOptimizer
says: the parameters of each of
says: each rank moves its own alone
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = params if isinstance(params, list) else list(params)
        rank, world = dist.get_rank(), dist.get_world_size()
        own = self.params[rank::world]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
