"""
task: ShardedOptimizer
says: into the parameters that are there
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
            t = p.detach().clone()
            dist.broadcast(t, i % dist.get_world_size())
            self.params[i] = nn.Parameter(t)
