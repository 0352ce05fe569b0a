"""
task: ShardedOptimizer
says: lies in other memory
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        self.ranks = dist.get_world_size()
        own = self.params[dist.get_rank() :: self.ranks]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            arrived = p.detach().clone()
            dist.broadcast(arrived, i % self.ranks)
            p.data = arrived
