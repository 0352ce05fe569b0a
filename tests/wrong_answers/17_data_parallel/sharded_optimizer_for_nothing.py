"""
task: ShardedOptimizer
says: optimizer got an empty parameter list
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        self.optimizer = make_optimizer(self.params[dist.get_rank() :: dist.get_world_size()])

    def step(self):
        self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
