"""
task: ShardedOptimizer
says: 3 of 3 parameters belong to rank 0 of 2
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        self.optimizer = make_optimizer(self.params) if dist.get_rank() == 0 else None

    def step(self):
        if self.optimizer:
            self.optimizer.step()
        for p in self.params:
            dist.broadcast(p.detach(), 0)
