"""
task: LowRankLinear
says: merged() gives the same layer as before
"""


class LowRankLinear(nn.Module):
    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = linear.requires_grad_(requires_grad=False)
        self.scale = alpha / rank
        drawn = torch.randn(rank, linear.in_features, generator=generator, device=generator.device)
        self.down = nn.Parameter((drawn / linear.in_features**0.5).to(linear.weight))
        self.up = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))
        self._cache = []

    def forward(self, x):
        return self.linear(x) + self.scale * F.linear(F.linear(x, self.down), self.up)

    def merged(self):
        if not self._cache:
            merged = copy.deepcopy(self.linear)
            with torch.no_grad():
                merged.weight += self.scale * self.up @ self.down
            self._cache.append(merged)
        return self._cache[0]
