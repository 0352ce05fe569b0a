"""
task: ShardedOptimizer
says: belong to rank 3 of 4: at most 1 may belong to one
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        self.size = len(self.params) // dist.get_world_size()
        ends = [self.size * r for r in range(dist.get_world_size())] + [len(self.params)]
        self.owners = [r for r in range(dist.get_world_size()) for _ in range(ends[r], ends[r + 1])]
        own = [p for p, r in zip(self.params, self.owners) if r == dist.get_rank()]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        if self.optimizer:
            self.optimizer.step()
        for p, owner in zip(self.params, self.owners):
            dist.broadcast(p.detach(), owner)
