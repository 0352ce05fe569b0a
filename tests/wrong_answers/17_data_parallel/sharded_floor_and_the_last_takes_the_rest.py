"""
task: ShardedOptimizer
says: 3 of 5 parameters belong to rank 2 of 3: at most 2 may belong to one
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        params = list(params)
        world = dist.get_world_size()
        size = max(1, len(params) // world)
        self.owner = {p: min(i // size, world - 1) for i, p in enumerate(params)}
        mine = [p for p, r in self.owner.items() if r == dist.get_rank()]
        self.opt = None
        if len(mine) > 0:
            self.opt = make_optimizer(mine)

    def step(self):
        if self.opt:
            self.opt.step()
        with torch.no_grad():
            works = [dist.broadcast(p, src=r, async_op=True) for p, r in self.owner.items()]
            for w in works:
                if w is not None:
                    w.wait()
