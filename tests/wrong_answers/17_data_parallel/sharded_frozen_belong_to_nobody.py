"""
task: ShardedOptimizer
says: parameter 3 belongs to []: one owner is due
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = [p for p in params if p.requires_grad]
        rank, world = dist.get_rank(), dist.get_world_size()
        own = self.params[rank::world]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % dist.get_world_size())
