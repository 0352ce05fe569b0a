"""
task: ShardedOptimizer
says: what was frozen at first is not sent
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        own = self.params[dist.get_rank() :: dist.get_world_size()]
        self.optimizer = make_optimizer(own) if own else None
        self.tracked = [p.requires_grad for p in self.params]

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            if self.tracked[i]:
                dist.broadcast(p.detach(), i % dist.get_world_size())
