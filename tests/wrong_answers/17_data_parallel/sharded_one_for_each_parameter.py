"""
task: ShardedOptimizer
says: times, once is enough
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        self.optimizers = [
            make_optimizer([p]) for p in self.params[dist.get_rank() :: dist.get_world_size()]
        ]

    def step(self):
        for optimizer in self.optimizers:
            optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
