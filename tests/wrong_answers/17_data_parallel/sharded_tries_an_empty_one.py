"""
task: ShardedOptimizer
says: calls make_optimizer with no parameters
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        try:
            self.optimizer = make_optimizer(self.params[dist.get_rank() :: dist.get_world_size()])
        except ValueError:
            self.optimizer = None

    def step(self):
        if self.optimizer:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
