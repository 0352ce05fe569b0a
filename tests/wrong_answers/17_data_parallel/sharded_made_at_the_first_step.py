"""
task: ShardedOptimizer
says: calls make_optimizer in step: call it in __init__
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        rank, world = dist.get_rank(), dist.get_world_size()
        own = self.params[rank::world]
        self.own = own
        self.make = make_optimizer
        self.optimizer = None

    def step(self):
        if self.own and self.optimizer is None:
            self.optimizer = self.make(self.own)
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
