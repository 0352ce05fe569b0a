"""
task: ShardedOptimizer
says: the .grad of each parameter of rank
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        own = self.params[dist.get_rank() :: dist.get_world_size()]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        for p in self.params:
            dist.all_reduce(p.grad)
            p.grad /= dist.get_world_size()
        if self.optimizer:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
            p.grad = None
