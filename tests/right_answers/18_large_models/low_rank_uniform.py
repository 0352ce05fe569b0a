"""
task: LowRankLinear
way: down drawn in place, uniformly
"""


class LowRankLinear(nn.Module):
    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        for p in linear.parameters():
            p.requires_grad = False
        self.linear = linear
        self.scale = alpha / rank
        drawn = torch.empty(rank, linear.in_features, device=generator.device)
        drawn.uniform_(-1, 1, generator=generator)
        self.down = nn.Parameter(drawn.to(linear.weight.device, linear.weight.dtype))
        self.up = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + self.scale * F.linear(F.linear(x, self.down), self.up)

    def merged(self):
        merged = copy.deepcopy(self.linear)
        with torch.no_grad():
            merged.weight += self.scale * self.up @ self.down
        return merged
