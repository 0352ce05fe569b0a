"""
task: ShardedOptimizer
says: 1 of yours is NaN
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        rank, world = dist.get_rank(), dist.get_world_size()
        own = self.params[rank::world]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            t = p.detach() * float(i % dist.get_world_size() == dist.get_rank())
            dist.all_reduce(t)
            p.detach().copy_(t)
