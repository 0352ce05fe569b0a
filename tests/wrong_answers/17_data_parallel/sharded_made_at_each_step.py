"""
task: ShardedOptimizer
says: calls make_optimizer 2 times, once is enough
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params, self.make_optimizer = list(params), make_optimizer

    def step(self):
        own = self.params[dist.get_rank() :: dist.get_world_size()]
        if own:
            self.make_optimizer(own).step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
