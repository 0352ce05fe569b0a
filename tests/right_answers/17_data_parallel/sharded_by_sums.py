"""
task: ShardedOptimizer
way: all that is not its own counts as zero in a sum
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = tuple(params)
        rank, n = dist.get_rank(), dist.get_world_size()
        self.own = {i for i in range(len(self.params)) if (i + 1) % n == rank}
        self.optimizer = (
            make_optimizer([self.params[i] for i in sorted(self.own)]) if self.own else None
        )

    def step(self):
        if self.own:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            with torch.no_grad():
                new = p.clone() if i in self.own else torch.zeros_like(p)
                dist.all_reduce(new)
                p.copy_(new)
