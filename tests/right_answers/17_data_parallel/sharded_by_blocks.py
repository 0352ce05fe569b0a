"""
task: ShardedOptimizer
way: blocks of the list, asynchronous broadcasts
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = [*params]
        size = -(-len(self.params) // dist.get_world_size())
        self.owner = {p: i // size for i, p in enumerate(self.params)}
        mine = [p for p in self.params if self.owner[p] == dist.get_rank()]
        if mine:
            self.optimizer = make_optimizer(mine)

    @torch.no_grad()
    def step(self):
        if hasattr(self, "optimizer"):
            self.optimizer.step()
        for work in [dist.broadcast(p, src=r, async_op=True) for p, r in self.owner.items()]:
            work.wait()
