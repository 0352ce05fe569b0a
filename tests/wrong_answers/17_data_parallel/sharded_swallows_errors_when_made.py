"""
task: ShardedOptimizer
says: the caller's own ValueError is swallowed
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        own = self.params[dist.get_rank() :: dist.get_world_size()]
        try:
            self.optimizer = make_optimizer(own) if own else None
        except ValueError:
            self.optimizer = None

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
