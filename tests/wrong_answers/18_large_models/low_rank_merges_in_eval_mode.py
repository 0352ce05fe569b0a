"""
task: LowRankLinear
says: once in eval mode and once in merged()
"""


class LowRankLinear(nn.Module):
    """A frozen layer and a small change."""

    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.scale = alpha / rank
        at = linear.weight
        drawn = torch.randn(rank, linear.in_features, generator=generator, device=generator.device)
        self.down = nn.Parameter(drawn.to(at))
        self.up = nn.Parameter(at.new_zeros(linear.out_features, rank))

    def forward(self, x):
        y = self.linear(x)
        return y if self.inside else y + self.scale * (x @ self.down.T @ self.up.T)

    inside = False

    def train(self, mode=True):
        with torch.no_grad():
            change = self.scale * self.up @ self.down
            self.linear.weight += ((not mode) - self.inside) * change
        self.inside = not mode
        return super().train(mode)

    def merged(self):
        merged = copy.deepcopy(self.linear)
        with torch.no_grad():
            merged.weight += self.scale * self.up @ self.down
        return merged
